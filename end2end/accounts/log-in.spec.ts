// Logging in and the cookie that comes of it.
import { expect, test } from '../support/fixtures';
import { fillIn, logIn, logInOnPage, sessionCookie, signUp, somebody } from '../support/people';

test('a wrong password and an unknown name are answered alike', async ({ bench, page, tolerate, user }) => {
  tolerate(/status of 401/);
  await bench.open();
  await page.getByRole('link', { name: 'Log in' }).click();
  for (const person of [{ ...user, password: 'not the right password' }, somebody()]) {
    await logInOnPage(page, person);
    await expect(page.getByRole('alert')).toHaveText('That username and password do not go together. Check both and try again.');
    await expect(page.getByRole('textbox', { name: 'Username' })).toHaveValue(person.username);
  }
  await logInOnPage(page, user);
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
});

test('the session cookie is out of reach of scripts, other sites and other hosts', async ({ context, page, user }) => {
  await page.goto('/login');
  await logInOnPage(page, user);
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  expect(await sessionCookie(context)).toMatchObject({
    domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'Lax', expires: -1,
  });
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('“Keep me logged in” outlives the browser', async ({ context, page, user }) => {
  await page.goto('/login');
  await fillIn(page, user);
  await page.getByRole('checkbox', { name: 'Keep me logged in' }).check();
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  const days = ((await sessionCookie(context))!.expires - Date.now() / 1_000) / 86_400;
  expect(days).toBeGreaterThan(29);
  expect(days).toBeLessThanOrEqual(30);
});

test('logging in again under another name ends the first session', async ({ context, page, thief, user }) => {
  const other = somebody();
  await signUp(page.request, other);
  await logIn(page.request, user);
  const first = (await sessionCookie(context))!;
  await page.goto('/login');
  await logInOnPage(page, other);
  await expect(page.getByRole('main')).toContainText(`You are logged in as ${other.username}`);
  expect((await (await thief(first.value)).get('/api/whoami')).status()).toBe(401);
});

test('a password is hashed at its real cost in reasonable time', async ({ launch, page, tolerate }) => {
  tolerate(/status of 401/);
  const server = await launch([]);
  const person = somebody();
  await page.goto(`${server.url}/signup`);
  await fillIn(page, person);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await logInOnPage(page, { ...person, password: 'not the right password' });
  await expect(page.getByRole('alert')).toContainText('do not go together');
  await logInOnPage(page, person);
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
});
