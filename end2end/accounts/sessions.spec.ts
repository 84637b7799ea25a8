// Where an account is logged in, and ending what should not be.
import type { Page } from '@playwright/test';
import { expect, FIREFOX_HERE, test } from '../support/fixtures';
import { openAwake, section } from '../support/pages';
import { logIn, type Person, sessionCookie } from '../support/people';

const END = `End session on ${FIREFOX_HERE}`;
const sessions = (page: Page) => section(page, 'Where you are logged in');

/** Logs in here and opens the account page. */
async function openAccount(page: Page, user: Person): Promise<void> {
  await logIn(page.request, user);
  await openAwake(page, '/account');
}

test('the owner sees every browser in which the account is logged in', { tag: '@databases' }, async ({
  elsewhere,
  page,
  user,
}) => {
  await elsewhere(user);
  await openAccount(page, user);
  const rows = sessions(page).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('this one');
  await expect(rows.last()).toContainText('Firefox on Linux');
  await expect(rows.last()).toContainText('127.0.0.1');
  await expect(rows.last()).not.toContainText('this one');
  await expect(sessions(page).getByRole('button', { name: /^End session on / })).toHaveCount(1);
});

test('a session that is ended is refused at once, and its open page notices by itself', { tag: '@databases' }, async ({
  elsewhere,
  page,
  thief,
  user,
}) => {
  const there = await elsewhere(user);
  await openAwake(there, '/account');
  const cookie = (await sessionCookie(there.context()))!;
  await openAccount(page, user);
  await sessions(page).getByRole('button', { name: END, exact: true }).click();
  await expect(sessions(page).getByRole('listitem')).toHaveCount(1);
  expect((await (await thief(cookie.value)).get('/api/whoami')).status()).toBe(401);

  await expect(there).toHaveURL('/login?next=/account&ended=1', { timeout: 20_000 });
  await expect(there.getByRole('main')).toContainText('Your session has ended. Log in again to go on.');
  await expect(there.getByRole('main')).not.toContainText(user.username);
  await expect(page.getByRole('heading', { name: 'Account', exact: true })).toBeVisible();
});

test('ending a session asks for the password when it was confirmed long ago, and a wrong one does not help', async ({
  elsewhere,
  page,
  tolerate,
  user,
}) => {
  tolerate(/status of 4(03|22)/);
  await elsewhere(user);
  await openAccount(page, user);
  // What the server answers five minutes after the password was confirmed last; its own tests turn the clock.
  const confirmFirst = { status: 403, contentType: 'application/json', body: '{"error":"confirm_first"}' };
  await page.route('**/api/account/end-session', (route) => route.fulfill(confirmFirst), { times: 1 });
  const end = sessions(page).getByRole('button', { name: END, exact: true });
  await end.click();
  await expect(page).toHaveURL('/account/confirm?next=/account');
  await expect(page.getByRole('heading', { name: 'Confirm it is you' })).toBeVisible();

  const password = page.getByLabel('Current password', { exact: true });
  await password.fill('not the right password');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(password).toHaveAccessibleDescription(/That is not your current password/);
  await password.fill(user.password);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page).toHaveURL('/account');
  await expect(sessions(page).getByRole('listitem')).toHaveCount(2);
  await end.click();
  await expect(sessions(page).getByRole('listitem')).toHaveCount(1);
});

test('confirming gives this session a new token and leaves it open in other tabs', async ({ context, page, thief, user }) => {
  await openAccount(page, user);
  const before = (await sessionCookie(context))!;
  const tab = await context.newPage();
  await openAwake(tab, '/account/confirm?next=/account');
  await tab.getByLabel('Current password', { exact: true }).fill(user.password);
  await tab.getByRole('button', { name: 'Confirm' }).click();
  await expect(tab).toHaveURL('/account');
  expect((await sessionCookie(context))!.value).not.toBe(before.value);
  expect((await (await thief(before.value)).get('/api/whoami')).status()).toBe(401);
  await expect(section(page, 'What happened').getByRole('listitem').first()).toContainText('Password confirmed');
  await expect(page).toHaveURL('/account');
});

test('all other sessions end at once', async ({ elsewhere, page, user }) => {
  const others = [await elsewhere(user), await elsewhere(user)];
  await openAccount(page, user);
  await expect(sessions(page).getByRole('listitem')).toHaveCount(3);
  await sessions(page).getByRole('button', { name: 'End all other sessions' }).click();
  await expect(sessions(page).getByRole('listitem')).toHaveCount(1);
  await expect(sessions(page).getByRole('button', { name: 'End all other sessions' })).toBeHidden();
  for (const other of others) expect((await other.request.get('/api/whoami')).status()).toBe(401);
  expect((await page.request.get('/api/whoami')).status()).toBe(200);
});
