// What the page says of a password that is being chosen, and what it suggests instead.
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { openAwake, section } from '../support/pages';
import { fillIn, logIn, logInOnPage, somebody } from '../support/people';

const password = (page: Page) => page.getByLabel('Password', { exact: true });
const meter = (page: Page) => page.getByRole('meter', { name: 'Password strength' });
const suggest = (page: Page) => page.getByRole('button', { name: 'Suggest a passphrase' });
const FIVE_WORDS = /^([a-z-]+ ){4}[a-z-]+$/;

/** What the server is asked to rate, and what else it is sent. */
function askedOf(page: Page) {
  const rated: (string | null)[] = [];
  const others: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/strength') {
      rated.push(new URLSearchParams(request.postData() ?? '').get('password'));
      others.push(request.url());
    } else {
      others.push(`${request.url()} ${request.postData() ?? ''}`);
    }
  });
  return { rated, others };
}

test('a password is judged while it is typed', async ({ page }) => {
  const { rated, others } = askedOf(page);
  await openAwake(page, '/signup');
  await expect(meter(page)).toBeHidden();
  for (const [typed, level, says] of [
    ['too short', '0', 'Too short: 6 characters more'],
    ['x'.repeat(129), '0', 'Too long: 1 character less'],
    ['aaaaaaaaaaaaaaaaaaaa', '0', 'That password repeats itself or follows the keys'],
    ['zebra lamp violin gravel', '4', 'Strong'],
  ] as const) {
    await password(page).fill(typed);
    await expect(meter(page)).toHaveAttribute('value', level);
    await expect(page.getByRole('main')).toContainText(says);
  }
  await password(page).fill('');
  await expect(meter(page)).toBeHidden();
  expect(rated, 'what has the wrong length is nobody else’s to know').toEqual(['aaaaaaaaaaaaaaaaaaaa', 'zebra lamp violin gravel']);
  expect(others.filter((sent) => /zebra|aaaa|\/api\/signup/.test(sent)), 'in the body of that request alone').toEqual([]);
});

test('the meter says of a password what signing up with it is answered', async ({ page, tolerate }) => {
  tolerate(/status of 422/);
  await openAwake(page, '/signup');
  await fillIn(page, { username: 'vermilion-okapi', password: 'vermilion-okapi' });
  await expect(meter(page)).toHaveAttribute('value', '0');
  const words = 'That password is too weak without your username in it. Add several unrelated words.';
  await expect(page.getByRole('main')).toContainText(words);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(password(page)).toHaveAccessibleDescription(new RegExp(words));
});

test('a word at a time costs one question, when the typing stops', async ({ page }) => {
  const { rated } = askedOf(page);
  await openAwake(page, '/signup');
  await password(page).pressSequentially('zebra lamp violin gravel', { delay: 20 });
  await expect(meter(page)).toHaveAttribute('value', '4');
  expect(rated).toEqual(['zebra lamp violin gravel']);
});

test('the words of a passphrase are fetched when somebody asks for one, not before', async ({ bench, page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const words = () => fetched.filter((path) => path.includes('passphrase'));
  await bench.open();
  await page.getByRole('link', { name: 'Sign up' }).click();
  await password(page).fill('zebra lamp violin gravel');
  await expect(meter(page)).toHaveAttribute('value', '4');
  expect(words()).toEqual([]);
  await suggest(page).click();
  await expect.poll(words).toHaveLength(1);
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

test('without an answer or the words, signing up works as ever', async ({ page, tolerate }) => {
  tolerate(/net::ERR_FAILED|Failed to fetch|strength|passphrase/);
  const asked: string[] = [];
  await page.route(/split_passphrase|\/api\/strength/, (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  await openAwake(page, '/signup');
  await suggest(page).click();
  await expect(page.getByRole('main')).toContainText('The words could not be fetched.');
  await fillIn(page, somebody());
  await expect.poll(() => asked.some((url) => url.endsWith('/api/strength'))).toBe(true);
  await expect(meter(page)).toBeHidden();
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
});
