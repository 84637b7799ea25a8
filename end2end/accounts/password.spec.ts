// Changing the password, and what the forms do for password managers and for those who want to see what they type.
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { openAwake, section } from '../support/pages';
import { logIn, sessionCookie, somebody, tryToLogIn } from '../support/people';

const form = (page: Page) => section(page, 'Change password');
const current = (page: Page) => form(page).getByLabel('Current password', { exact: true });
const fresh = (page: Page) => form(page).getByLabel('New password', { exact: true });
const othersEnd = (page: Page) => form(page).getByRole('checkbox', { name: 'End all other sessions' });

async function change(page: Page, from: string, to: string): Promise<void> {
  await current(page).fill(from);
  await fresh(page).fill(to);
  await form(page).getByRole('button', { name: 'Change password' }).click();
}

test('a new password takes the place of the old one, and the other sessions end', { tag: '@databases' }, async ({
  context,
  elsewhere,
  page,
  request,
  thief,
  user,
}) => {
  const there = await elsewhere(user);
  await logIn(page.request, user);
  const before = (await sessionCookie(context))!;
  await openAwake(page, '/account');
  await expect(othersEnd(page)).toBeChecked();
  const { password } = somebody();
  await change(page, user.password, password);
  await expect(form(page).getByText('Your password is changed.')).toBeVisible();
  await expect(current(page)).toHaveValue('');
  await expect(fresh(page)).toHaveValue('');

  expect((await there.request.get('/api/whoami')).status()).toBe(401);
  expect((await (await thief(before.value)).get('/api/whoami')).status()).toBe(401);
  expect((await page.request.get('/api/whoami')).status()).toBe(200);
  expect(await tryToLogIn(request, user)).toBe(401);
  expect(await tryToLogIn(request, { ...user, password })).toBe(200);
});

test('the other sessions go on when they are not to end', async ({ elsewhere, page, user }) => {
  const there = await elsewhere(user);
  await logIn(page.request, user);
  await openAwake(page, '/account');
  await othersEnd(page).uncheck();
  await change(page, user.password, somebody().password);
  await expect(form(page).getByText('Your password is changed.')).toBeVisible();
  expect((await there.request.get('/api/whoami')).status()).toBe(200);
});

test('a wrong current password changes nothing and is told at its field', async ({ elsewhere, page, request, tolerate, user }) => {
  tolerate(/status of 422/);
  const there = await elsewhere(user);
  await logIn(page.request, user);
  await openAwake(page, '/account');
  await change(page, 'not the right password', somebody().password);
  await expect(current(page)).toHaveAccessibleDescription(/That is not your current password/);
  await expect(current(page)).toHaveAttribute('aria-invalid', 'true');
  expect((await there.request.get('/api/whoami')).status()).toBe(200);
  expect(await tryToLogIn(request, user)).toBe(200);
});

test('a new password that breaks a rule is told at its field', async ({ page, tolerate, user }) => {
  tolerate(/status of 422/);
  await logIn(page.request, user);
  await openAwake(page, '/account');
  for (const [password, says] of [
    ['too short', /too short: use at least 15 characters/],
    [`this holds ${user.username}`, /That password is too weak without your username in it/],
  ] as const) {
    await change(page, user.password, password);
    await expect(fresh(page)).toHaveAccessibleDescription(says);
  }
});

test('password managers are told what each field is for and whose password it is', async ({ page, user }) => {
  await page.goto('/signup');
  await expect(page.getByRole('textbox', { name: 'Username' })).toHaveAttribute('autocomplete', 'username');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('autocomplete', 'new-password');
  await page.goto('/login');
  await expect(page.getByRole('textbox', { name: 'Username' })).toHaveAttribute('autocomplete', 'username');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('autocomplete', 'current-password');

  await logIn(page.request, user);
  await page.goto('/account');
  await expect(current(page)).toHaveAttribute('autocomplete', 'current-password');
  await expect(fresh(page)).toHaveAttribute('autocomplete', 'new-password');
  const username = form(page).locator('input[autocomplete="username"]');
  await expect(username).toBeHidden();
  await expect(username).toHaveValue(user.username);

  await page.goto('/account/confirm?next=/account');
  await expect(page.getByLabel('Current password', { exact: true })).toHaveAttribute('autocomplete', 'current-password');
  await expect(page.locator('input[autocomplete="username"]')).toHaveValue(user.username);
});

test('a password can be shown and hidden, and stays as it was typed', async ({ page, user }) => {
  await openAwake(page, '/login');
  const password = page.getByLabel('Password', { exact: true });
  const show = page.getByRole('button', { name: 'Show password' });
  await password.fill(user.password);
  await expect(password).toHaveAttribute('type', 'password');
  await show.click();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(password).toHaveValue(user.password);
  await expect(show).toHaveAttribute('aria-pressed', 'true');
  await show.click();
  await expect(password).toHaveAttribute('type', 'password');
  await expect(password).toHaveValue(user.password);
});

test('showing one password leaves the others hidden', async ({ page, user }) => {
  await logIn(page.request, user);
  await openAwake(page, '/account');
  await form(page).getByRole('button', { name: 'Show password' }).last().click();
  await expect(fresh(page)).toHaveAttribute('type', 'text');
  await expect(current(page)).toHaveAttribute('type', 'password');
});
