// After logging out, or when the session has ended by itself, nothing of the account is left to see.
import { Bench } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { logIn, sessionCookie, settleOn } from '../support/people';
import { CHEAP_HASHING } from '../support/server';

test('the back button does not bring the account back', { tag: '@databases' }, async ({ context, page, thief, tolerate, user }) => {
  tolerate(/status of 401/);
  await logIn(page.request, user);
  const cookie = (await sessionCookie(context))!;
  await page.goto('/account');
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
  expect(await sessionCookie(context)).toBeUndefined();

  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText(user.username);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await expect(page).toHaveURL('/login?next=/account');

  const request = await thief(cookie.value);
  expect((await request.get('/api/whoami')).status()).toBe(401);
  expect((await request.get('/account')).headers().location).toBe('/login?next=/account');
});

test('an account page that is still open is left when logging out elsewhere', async ({ context, page, tolerate, user }) => {
  tolerate(/status of 401/);
  await logIn(page.request, user);
  await page.goto('/account');
  const other = await context.newPage();
  await other.goto('/');
  await other.getByRole('button', { name: 'Log out' }).click();
  await expect(other.getByRole('link', { name: 'Log in' })).toBeVisible();
  await expect(page).toHaveURL('/login?next=/account&ended=1');
});

test('an idle session ends, and the account asks to log in again', async ({ launch, page, tolerate }) => {
  tolerate(/status of 401/);
  const server = await launch([...CHEAP_HASHING, '--idle-timeout', '2s']);
  const whoAmI = async () => (await page.request.get(`${server.url}/api/whoami`)).status();
  await settleOn(page, server.url);
  await page.goto(`${server.url}/account`);
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();

  // Each look is a request that keeps the session alive, so the looks lie further apart than the timeout.
  await expect.poll(whoAmI, { intervals: [3_500], timeout: 20_000 }).toBe(401);
  await page.getByRole('link', { name: 'Bench', exact: true }).click();
  await expect(await new Bench(page).menu('Server session')).toContainText('No session yet');
  await page.goto(`${server.url}/account`);
  await expect(page).toHaveURL(`${server.url}/login?next=/account`);
});

test('a session that is used all the time ends at its absolute timeout', async ({ launch, page }) => {
  const server = await launch([...CHEAP_HASHING, '--idle-timeout', '3s', '--absolute-timeout', '3s']);
  const whoAmI = async () => (await page.request.get(`${server.url}/api/whoami`)).status();
  await settleOn(page, server.url);
  expect(await whoAmI()).toBe(200);
  await expect.poll(whoAmI, { intervals: [250] }).toBe(401);
  await page.goto(`${server.url}/account`);
  await expect(page).toHaveURL(`${server.url}/login?next=/account`);
});
