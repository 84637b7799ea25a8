// A page is hydrated when the visitor wants more of it than to read; what was done before that is not lost.
import type { Page } from '@playwright/test';
import { SCRIPT_FAILED } from '../support/broken';
import { Experiment } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { logIn } from '../support/people';

const PROGRAM = /\/storage-lab\.wasm$/;

/** Keeps the app's program back until the returned function is called. */
async function holdBack(page: Page): Promise<() => void> {
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(PROGRAM, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

/** Whether the program was asked for so far. */
function watch(page: Page): () => boolean {
  let asked = false;
  page.on('request', (request) => (asked ||= PROGRAM.test(request.url())));
  return () => asked;
}

for (const path of ['/login', '/signup', '/experiments', '/experiments/http-forgets', '/login-flow', '/atlas', '/nowhere']) {
  test(`${path} fetches no program before a control is touched`, async ({ page, tolerate }) => {
    tolerate(/404/);
    const asked = watch(page);
    await page.goto(path, { waitUntil: 'networkidle' });
    // Whoever points at a control that is disabled wakes nothing.
    await expect(page.getByRole('main').locator(':disabled')).toHaveCount(0);
    await page.mouse.wheel(0, 400);
    await page.getByRole('main').getByText(/\w/).first().hover();
    expect(asked()).toBe(false);
    await page.getByRole('button', { name: 'Theme: system' }).hover();
    await expect.poll(asked).toBe(true);
  });
}

test('a page is hydrated at once in a browser that keeps something of earlier visits', async ({ page }) => {
  const asked = watch(page);
  await page.addInitScript(() => localStorage.setItem('lab-theme', 'dark'));
  await page.goto('/login');
  await expect.poll(asked).toBe(true);
});

test('a page is hydrated at once while somebody is logged in', async ({ page, user }) => {
  await logIn(page.context().request, user);
  const asked = watch(page);
  await page.goto('/experiments/http-forgets');
  await expect.poll(asked).toBe(true);
});

test('what is typed and sent before the program is there is sent by it afterwards, once', async ({ page, user }) => {
  const release = await holdBack(page);
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  await page.goto('/login');
  await page.evaluate(() => ((window as { same?: boolean }).same = true));
  await page.getByLabel('Username').fill(user.username);
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page.getByLabel('Keep me logged in').check();
  const button = page.getByRole('main').getByRole('button', { name: 'Log in' });
  await button.click();
  await button.click();
  release();
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
  expect(sent.filter((url) => url.endsWith('/api/login'))).toHaveLength(1);
  // The document is the one that was opened.
  expect(await page.evaluate(() => (window as { same?: boolean }).same)).toBe(true);
  const [session] = (await page.context().cookies()).filter(({ httpOnly }) => httpOnly);
  expect(session!.expires).toBeGreaterThan(0);
});

test('buttons that are pressed before the program is there are pressed afterwards', async ({ page }) => {
  const release = await holdBack(page);
  await page.goto('/signup');
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('short');
  await page.getByRole('button', { name: 'Show password' }).click();
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await expect(password).toHaveAttribute('type', 'password');
  release();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(password).toHaveValue('short');
  await expect(page.getByText('Too short: 10 characters more')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
});

test('a prediction and a parameter that are chosen before the program is there hold afterwards', async ({ page }) => {
  const release = await holdBack(page);
  await page.goto('/experiments/how-much-fits-in-a-cookie');
  const experiment = new Experiment(page);
  await experiment.choices.first().check();
  await experiment.choices.nth(1).check();
  const number = page.getByRole('spinbutton').first();
  await number.fill('123');
  await number.press('Tab');
  release();
  await expect(experiment.button('Run it')).toHaveAttribute('aria-disabled', 'false');
  await expect(experiment.choices.nth(1)).toBeChecked();
  await expect(number).toHaveValue('123');
  await expect(page).toHaveURL(/=123/);
});

test('a press that comes before what it needs runs nothing', async ({ page }) => {
  const visits: string[] = [];
  page.on('request', (request) => request.url().endsWith('/lab/echo/visit') && visits.push(request.url()));
  const release = await holdBack(page);
  await page.goto('/experiments/http-forgets');
  const experiment = new Experiment(page);
  await experiment.button('Run it').click({ force: true });
  await experiment.choices.first().check();
  release();
  await expect(experiment.button('Run it')).toHaveAttribute('aria-disabled', 'false');
  await experiment.run('Holds.');
  // Two that carry nothing and two with a cookie.
  await expect.poll(() => visits).toHaveLength(4);
});

test('a press that comes after what it needs runs once the program is there', async ({ page }) => {
  const release = await holdBack(page);
  await page.goto('/experiments/http-forgets');
  const experiment = new Experiment(page);
  await experiment.choices.first().check();
  await experiment.button('Run it').click({ force: true });
  release();
  await experiment.concludes('Holds.');
});

test('a password that a run has taken is gone from its field also where all was done before the program was there', async ({ page, tolerate }) => {
  tolerate(/status of 401/);
  const release = await holdBack(page);
  await page.goto('/login-flow');
  const flow = new Experiment(page);
  const password = flow.parameter('Password (may stay empty)');
  await flow.parameter('Username (may stay empty)').fill('somebody-early');
  await password.fill('a password of my own');
  await flow.button('Run it').click();
  release();
  await flow.concludes('Holds, with a catch.');
  await expect(password).toHaveValue('');
});

test('what is put on the bench before the program is there is put afterwards', async ({ bench, page }) => {
  const release = await holdBack(page);
  await page.goto('/');
  await bench.nameField.fill('tea');
  await bench.valueField.fill('green');
  await bench.deposit.getByRole('button', { name: 'Put in all four' }).click();
  release();
  await expect(bench.cell('localStorage', 'lab-tea')).toContainText('green');
});

test('where the program does not come the browser sends the form', async ({ page, tolerate, user }) => {
  tolerate(/net::ERR_FAILED|Failed to fetch/);
  const posted = page.waitForRequest((request) => request.method() === 'POST' && request.isNavigationRequest());
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(PROGRAM, async (route) => {
    await held;
    await route.abort();
  });
  await page.goto('/login');
  await page.getByLabel('Username').fill(user.username);
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  release();
  await posted;
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
});

test('where the program does not come the page says so when it is touched, and its links lead on', async ({ page, tolerate }) => {
  tolerate(/net::ERR_FAILED|Failed to fetch/);
  await page.route(PROGRAM, (route) => route.abort());
  await page.goto('/signup');
  await page.getByLabel('Username').focus();
  await expect(page.getByRole('alert').filter({ hasText: SCRIPT_FAILED })).toHaveCount(1);
  await page.getByRole('link', { name: 'Log in instead' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible();
});

test('a page that has rested for long asks who is logged in by now', async ({ page, user }) => {
  await page.clock.install();
  await page.goto('/signup');
  await logIn(page.context().request, user);
  await page.clock.fastForward('01:00');
  await page.getByRole('button', { name: 'Theme: system' }).hover();
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Account' })).toBeVisible();
});
