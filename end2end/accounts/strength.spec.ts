// What the page says of a password that is being chosen, and what it suggests instead.
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { openAwake, section } from '../support/pages';
import { fillIn, logIn, logInOnPage, somebody } from '../support/people';

const password = (page: Page) => page.getByLabel('Password', { exact: true });
const meter = (page: Page) => page.getByRole('meter', { name: 'Password strength' });
const suggest = (page: Page) => page.getByRole('button', { name: 'Suggest a passphrase' });
const FIVE_WORDS = /^([a-z-]+ ){4}[a-z-]+$/;

test('a password is judged while it is typed, and the server hears nothing of it', async ({ page }) => {
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  await openAwake(page, '/signup');
  await expect(meter(page)).toBeHidden();
  for (const [typed, level, says] of [
    ['too short', '0', 'Too short: 6 characters more'],
    ['x'.repeat(129), '0', 'Too long: 1 character less'],
    ['aaaaaaaaaaaaaaaaaaaa', '1', /Weak\. ./],
    ['zebra lamp violin gravel', '4', 'Strong'],
  ] as const) {
    await password(page).fill(typed);
    await expect(meter(page)).toHaveAttribute('value', level);
    await expect(page.getByRole('main')).toContainText(says);
  }
  await password(page).fill('');
  await expect(meter(page)).toBeHidden();
  expect(sent.filter((request) => request.includes('zebra') || request.includes('/api/signup'))).toEqual([]);
});

test('a password made of the username is weak', async ({ page }) => {
  await openAwake(page, '/signup');
  await fillIn(page, { username: 'vermilion-okapi', password: 'vermilion-okapi' });
  await expect(meter(page)).toHaveAttribute('value', '1');
});

test('the lists of the meter are fetched when somebody chooses a password, not before', async ({ bench, page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const lists = () => fetched.filter((path) => /strength|passphrase/.test(path));
  await bench.open();
  await page.getByRole('link', { name: 'Sign up' }).click();
  await expect(password(page)).toBeVisible();
  expect(lists()).toEqual([]);
  await password(page).focus();
  await expect.poll(lists).toHaveLength(1);
});

test('a suggested passphrase is shown, differs from the one before, and signs up', async ({ page }) => {
  const { username } = somebody();
  await openAwake(page, '/signup');
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await suggest(page).click();
  await expect(password(page)).toHaveValue(FIVE_WORDS);
  const first = await password(page).inputValue();
  await suggest(page).click();
  await expect(password(page)).not.toHaveValue(first);
  await expect(password(page)).toHaveValue(FIVE_WORDS);
  await expect(password(page)).toHaveAttribute('type', 'text');
  await expect(page.getByRole('button', { name: 'Show password' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('status').filter({ hasText: 'About 64 bits' })).toBeVisible();
  await expect(meter(page)).toHaveAttribute('value', '4');

  const suggested = await password(page).inputValue();
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await logInOnPage(page, { username, password: suggested });
  await expect(page.getByRole('main')).toContainText(`You are logged in as ${username}`);
});

test('a suggested passphrase changes the password', async ({ page, request, user }) => {
  await logIn(page.request, user);
  await openAwake(page, '/account');
  const form = section(page, 'Change password');
  const fresh = form.getByLabel('New password', { exact: true });
  await form.getByLabel('Current password', { exact: true }).fill(user.password);
  await suggest(page).click();
  await expect(fresh).toHaveValue(FIVE_WORDS);
  const suggested = await fresh.inputValue();
  await form.getByRole('button', { name: 'Change password' }).click();
  await expect(form.getByText('Your password is changed.')).toBeVisible();
  await logIn(request, { ...user, password: suggested });
});

test('without the lists, signing up works as ever', async ({ page, tolerate }) => {
  tolerate(/net::ERR_FAILED|Failed to fetch|strength|passphrase/);
  await page.route(/split_(strength|passphrase)/, (route) => route.abort());
  await openAwake(page, '/signup');
  await suggest(page).click();
  await expect(page.getByRole('main')).toContainText('The words could not be fetched.');
  await fillIn(page, somebody());
  await expect(meter(page)).toBeHidden();
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
});
