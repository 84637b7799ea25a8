// The log-in flow, walked: held against the requests and answers as the browser notes them, its cookie jar, and requests
// that are none of the page's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page, Response } from '@playwright/test';
import { inspect } from '../support/accessibility';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { press } from '../support/keyboard';
import { logIn, logInOnPage, somebody } from '../support/people';

const ROOT = join(import.meta.dirname, '../..');
/** A slip and an old cookie are refused. */
const REFUSED = /status of 401/;

async function open(page: Page): Promise<Experiment> {
  await page.goto('/login-flow');
  const flow = new Experiment(page);
  await expect(flow.button('Run it')).toHaveAttribute('aria-disabled', 'false');
  await expect(flow.parameter('Username (may stay empty)')).toBeEnabled();
  return flow;
}

/** All answers to what is asked below `/lab/subject`, in their order. */
function answers(page: Page): Response[] {
  const all: Response[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/lab/subject')) all.push(response);
  });
  return all;
}

const labCookies = async (context: BrowserContext) => (await context.cookies()).filter(({ name }) => name.includes('lab-x'));

test('the flow is walked in one click with an account that is thrown away @databases', async ({ context, page, request, tolerate }) => {
  tolerate(REFUSED);
  const all = answers(page);
  const flow = await open(page);
  await flow.run('Holds, with a catch.');

  const of = (path: string) => all.filter((answer) => new URL(answer.url()).pathname === `/lab/subject${path}`);
  const { username, password, id } = (await of('')[0]!.json()) as { username: string; password: string; id: string };
  const [slip, right] = of('/log-in');
  expect([slip!.status(), right!.status()]).toEqual([401, 200]);
  const line = (await right!.allHeaders())['set-cookie']!;
  const { token } = (await right!.json()) as { token: string };
  expect(line).toMatch(/^__Host-lab-x[0-9a-f]{12}-token=.+; HttpOnly; SameSite=Lax; Secure; Path=\/$/);
  const [known, refused] = of('/whoami');
  expect([known!.status(), refused!.status()]).toEqual([200, 401]);
  for (const asked of [known!, refused!]) expect((await asked.request().allHeaders()).cookie).toContain(`-token=${token}`);
  const sessions = (step: number, when: string) => flow.texts(step, 'Server', `In the table sessions, ${when}`);
  expect((await sessions(5, 'before'))[0]).toMatch(/^none with user_id \d+$/);
  expect((await sessions(5, 'after'))[0]).toContain(token.split('.')[0]!);
  expect((await flow.texts(2, 'Server', 'In the table users, after'))[0]).toMatch(/\$argon2id\$v=19\$m=\d+,t=\d+,p=1\$••••••••\$••••••••/);
  await expect(flow.lane(4, 'Wire')).toContainText('HTTP/1.1 401');
  await expect(flow.lane(8, 'Wire')).toContainText('HTTP/1.1 401');
  expect((await sessions(7, 'before'))[0]).toContain(token.split('.')[0]!);
  expect((await sessions(7, 'after'))[0]).toMatch(/^none with user_id \d+$/);

  // No secret stands anywhere on the page.
  const shown = await page.content();
  expect([password, token.split('.')[1]!, id].filter((secret) => shown.includes(secret))).toEqual([]);
  expect(shown.includes(username)).toBe(true);
  // Whoever copied the token, or knew the account, finds nothing.
  const stolen = await request.get(`/lab/subject/whoami?subject=${id}`, { headers: { 'lab-token': token } });
  expect(stolen.status()).toBe(404);
  await leavesNoTrace(context, page);
});

test('step by step the cookie comes with the log-in and goes with the log-out, and each state is accessible', async ({ context, page, tolerate }) => {
  tolerate(REFUSED);
  const flow = await open(page);
  await inspect(page);
  await flow.button('Step by step').click();
  const held = [0, 0, 0, 0, 1, 1, 0];
  for (const [step, cookies] of held.entries()) {
    await expect(flow.lane(step + 1, 'Wire').or(flow.lane(step + 1, 'Server')).first()).toBeVisible();
    await expect(flow.button('Next step')).toHaveAttribute('aria-disabled', 'false');
    expect(await labCookies(context), `step ${step + 1}`).toHaveLength(cookies);
    if (step === 4) {
      expect((await labCookies(context))[0]).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
      await inspect(page);
    }
    await flow.button('Next step').click();
  }
  await flow.concludes('Holds, with a catch.');
  await inspect(page);
  await leavesNoTrace(context, page);
});

test('a visitor walks with a name of their own, keeps the account and logs in with it @databases', async ({ context, page, tolerate }) => {
  tolerate(REFUSED);
  const person = somebody();
  const flow = await open(page);
  await flow.parameter('Username (may stay empty)').fill(person.username);
  await flow.parameter('Password (may stay empty)').fill(person.password);
  await page.getByLabel('Your own account, afterwards').selectOption({ label: 'keep it: I want to log in with it' });
  await flow.run('Holds, with a catch.');
  await expect(flow.verdict).toContainText('The account is yours now');
  await expect(flow.parameter('Password (may stay empty)')).toHaveValue('');
  expect(page.url()).not.toContain(person.username);
  await leavesNoTrace(context, page);

  await page.getByRole('link', { name: 'Log in', exact: true }).click();
  await logInOnPage(page, person);
  await expect(page.getByRole('link', { name: 'Account' })).toBeVisible();
});

test('a name that is taken or a password that is too short says so, and keeps the name that was typed', async ({ page, tolerate }) => {
  tolerate(/status of 4(09|22)/);
  const flow = await open(page);
  await flow.parameter('Username (may stay empty)').fill('somebody-new');
  await flow.parameter('Password (may stay empty)').fill('short');
  await flow.button('Run it').click();
  await expect(flow.trouble).toHaveText(/password/i);
  await expect(flow.parameter('Username (may stay empty)')).toHaveValue('somebody-new');
  await expect(flow.parameter('Password (may stay empty)')).toHaveValue('');
  await inspect(page);
});

test('a log-in of the visitor’s own is left alone', async ({ page, tolerate, user }) => {
  tolerate(REFUSED);
  await logIn(page.request, user);
  const flow = await open(page);
  await flow.run('Holds, with a catch.');
  await page.goto('/account');
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
});

test('the code of each step is the server’s own, and leads to its lines', async ({ page }) => {
  await open(page);
  const listings = page.getByRole('list', { name: 'Steps' }).getByRole('group').filter({ hasText: /^server\/src\// });
  expect(await listings.count()).toBeGreaterThan(15);
  for (const listing of await listings.all()) {
    const [, path, from, to] = /^(\S+), lines (\d+) to (\d+)$/.exec((await listing.locator('summary').textContent())!)!;
    const lines = readFileSync(join(ROOT, path!), 'utf8').split('\n').slice(Number(from) - 1, Number(to));
    const indent = /^ */.exec(lines[0]!)![0].length;
    expect(await listing.locator('code').textContent()).toBe(lines.map((line) => line.slice(indent)).join('\n'));
  }
  await listings.first().getByRole('link').click();
  await expect(page).toHaveURL(/\/login-flow\/source\/server\/src\/.+\.rs#L\d+$/);
  await expect(page.locator(':target')).toBeInViewport();
  await inspect(page);
});

test('a source that is none of those shown is an address that there is not', async ({ page, tolerate }) => {
  tolerate(/status of 404/);
  expect((await page.goto('/login-flow/source/Cargo.toml'))!.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
});

test('the flow is walked with the keyboard alone', async ({ page, tolerate }) => {
  tolerate(REFUSED);
  await page.goto('/');
  await press(page, page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Log-in flow' }));
  const flow = new Experiment(page);
  await expect(flow.parameter('Username (may stay empty)')).toBeEnabled();
  await press(page, flow.button('Run it'));
  await flow.concludes('Holds, with a catch.');
});
