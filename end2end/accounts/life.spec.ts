// How the life of a session shows in an open page: before it ends, and when it has ended.
import { Bench } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { comeBack, openAwake, sessionBanner } from '../support/pages';
import { logIn, logInOnPage, settleOn, signUp, somebody } from '../support/people';
import { CHEAP_HASHING } from '../support/server';

// Long enough for a whole short session to pass.
test.describe.configure({ timeout: 120_000 });
const SOON = { timeout: 45_000 };

test('a session is warned of before it ends, and can be prolonged', async ({ launch, page }) => {
  const server = await launch([...CHEAP_HASHING, '--idle-timeout', '30s']);
  await settleOn(page, server.url);
  await openAwake(page, `${server.url}/account`);
  // Only looking does not prolong the session.
  const idleEnd = async (): Promise<number> =>
    (await (await page.request.post(`${server.url}/api/current-user`, { form: {} })).json()).idle_end;
  const before = await idleEnd();
  const banner = sessionBanner(page);
  await expect(banner).toBeHidden();
  const field = page.getByLabel('New password', { exact: true });
  await field.focus();

  await expect(banner).toContainText(/You will be logged out in \d+ s, because nothing was asked of the server\./, SOON);
  await expect(banner.getByRole('alert')).toHaveText('Your session ends soon.');
  await expect(banner.getByRole('link')).toBeHidden();
  await expect(field).toBeFocused();
  await banner.getByRole('button', { name: 'Stay logged in' }).click();
  await expect(banner).toBeHidden();
  await expect(field).toBeFocused();
  expect(await idleEnd()).toBeGreaterThan(before);
});

test('an account page on which nothing happens leads to the log-in page, and back', async ({ launch, page }) => {
  const server = await launch([...CHEAP_HASHING, '--idle-timeout', '12s']);
  const person = await settleOn(page, server.url);
  await openAwake(page, `${server.url}/account`);
  await expect(page).toHaveURL(`${server.url}/login?next=/account&ended=1`, SOON);
  await expect(page.getByRole('main')).toContainText('Your session has ended. Log in again to go on.');
  await expect(sessionBanner(page)).toBeHidden();
  await logInOnPage(page, person);
  await expect(page).toHaveURL(`${server.url}/account`);
  await expect(page.getByRole('main')).toContainText(`You are logged in as ${person.username}`);
});

test('what is typed on the bench survives the end of the session and the way over the log-in page', async ({ launch, page }) => {
  const server = await launch([...CHEAP_HASHING, '--idle-timeout', '12s']);
  const person = await settleOn(page, server.url);
  const bench = await new Bench(page).open(server.url);
  await bench.nameField.fill('colour');
  await bench.valueField.fill('blue, nearly');
  const banner = sessionBanner(page);
  await expect(banner.getByRole('status')).toHaveText('You have been logged out.', SOON);
  await expect(bench.nameField).toHaveValue('colour');

  await banner.getByRole('link', { name: 'Log in again' }).click();
  await expect(page).toHaveURL(`${server.url}/login?next=/`);
  await expect(banner).toBeHidden();
  await logInOnPage(page, person);
  await expect(page).toHaveURL(`${server.url}/`);
  await bench.awake();
  await expect(bench.nameField).toHaveValue('colour');
  await expect(bench.valueField).toHaveValue('blue, nearly');
});

test('what is typed on the bench is not shown to the next person at the same tab', async ({ bench, page, request, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await bench.nameField.fill('diary');
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('link', { name: 'Log in', exact: true }).click();
  const next = somebody();
  await signUp(request, next);
  await logInOnPage(page, next);
  await expect(page).toHaveURL('/account');
  await page.getByRole('link', { name: 'Bench', exact: true }).click();
  await bench.awake();
  await expect(bench.nameField).toHaveValue('');
});

test('a session that ends in any case cannot be prolonged, and the page says so', async ({ launch, page }) => {
  const server = await launch([...CHEAP_HASHING, '--idle-timeout', '20s', '--absolute-timeout', '20s']);
  await settleOn(page, server.url);
  await openAwake(page, `${server.url}/account`);
  const banner = sessionBanner(page);
  await expect(banner).toContainText(/Your log-in ends in \d+ s\./, SOON);
  await expect(banner.getByRole('button')).toBeHidden();
  await banner.getByRole('link', { name: 'Log in again' }).click();
  await expect(page).toHaveURL(`${server.url}/login?next=/account`);
});

test('who is logged out elsewhere is told on the bench, and can dismiss it', async ({ bench, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await bench.putAndWait('colour', 'blue');
  const banner = sessionBanner(page);
  await page.request.post('/api/logout', { form: {}, headers: { accept: 'application/json' } });
  await comeBack(page);
  await expect(banner.getByRole('status')).toHaveText('You have been logged out.');
  await bench.lacks('Server session', 'lab-colour');
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Log in' })).toBeVisible();
  await banner.getByRole('button', { name: 'Dismiss' }).click();
  await expect(banner).toBeHidden();
});

test('who logs out is not told of it', async ({ bench, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Log in' })).toBeVisible();
  await comeBack(page);
  await expect(sessionBanner(page)).toBeHidden();
});

test('a server that does not answer logs nobody out', async ({ launch, page, tolerate }) => {
  tolerate(/net::ERR_/);
  const server = await launch();
  await settleOn(page, server.url);
  await openAwake(page, `${server.url}/account`);
  await server.kill();
  const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/current-user'));
  await comeBack(page);
  await failed;
  await server.start();
  const answered = page.waitForResponse('**/api/current-user');
  await comeBack(page);
  await answered;
  await expect(page).toHaveURL(`${server.url}/account`);
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
  await expect(sessionBanner(page)).toBeHidden();
});
