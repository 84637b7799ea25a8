// The whole story in one go, on both databases.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { fillIn, logInOnPage, sessionCookie, somebody } from '../support/people';

test('a person signs up, keeps a value in all four stores, and logs out for good', { tag: '@databases' }, async ({
  bench,
  context,
  page,
  thief,
}) => {
  const person = somebody();

  await test.step('sign up from the bench', async () => {
    await bench.open();
    await page.getByRole('link', { name: 'Sign up' }).click();
    await fillIn(page, person);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
    await expect(page.getByRole('status')).toHaveText('Your account is made. Log in with it now.');
    await expect(page.getByRole('textbox', { name: 'Username' })).toHaveValue(person.username);
  });

  await test.step('log in and see the guarded page', async () => {
    await logInOnPage(page, person);
    await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(`You are logged in as ${person.username}`);
    await page.reload();
    await expect(page.getByRole('main')).toContainText(`You are logged in as ${person.username}`);
  });

  await test.step('put a value in all four stores and see them side by side', async () => {
    await page.getByRole('link', { name: 'Bench', exact: true }).click();
    await bench.awake();
    await bench.putAndWait('colour', 'blue');
    const ends = /^(with the browser session|not told to scripts)$/;
    await expect(bench.facts('Cookies', 'lab-colour')).toHaveText(['blue', '14', '14', ends, 'scripts and server', /./]);
    await expect(bench.facts('sessionStorage', 'lab-colour')).toHaveText(
      ['blue', '14', '14', 'when the tab closes', 'scripts only', /./]);
    await expect(bench.facts('localStorage', 'lab-colour')).toHaveText(['blue', '14', '14', 'never', 'scripts only', /./]);
    await expect(bench.facts('Server session', 'lab-colour')).toHaveText(
      ['blue', '14', '14', /^in (30|29) min/, 'server only', /./]);
  });

  await test.step('see the login cookie, out of reach of scripts', async () => {
    const row = bench.row('Cookies', '__Host-session');
    await expect(row).toContainText('••••••••');
    await expect(row).toContainText('server only: HttpOnly');
    await expect(row).toContainText('Protected: log out to remove it');
    await expect(row.getByRole('button', { name: /^(Edit|Delete|Select) / })).toHaveCount(0);
  });

  await test.step('edit, delete, undo and clear', async () => {
    for (const store of STORES) {
      await bench.edit(store, 'lab-colour', `blue of ${store}`);
      await bench.shows(store, 'lab-colour', `blue of ${store}`);
    }
    for (const store of STORES) {
      await bench.delete(store, 'lab-colour');
      await bench.lacks(store, 'lab-colour');
      await bench.button('Undo').click();
      await bench.shows(store, 'lab-colour', `blue of ${store}`);
    }
    await bench.clear('sessionStorage');
    await bench.lacks('sessionStorage', 'lab-colour');
    await bench.shows('localStorage', 'lab-colour', 'blue of localStorage');
  });

  await test.step('log out: the values of the session are gone, and its cookie opens nothing', async () => {
    const cookie = (await sessionCookie(context))!;
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
    await expect(bench.region('Server session')).toContainText('No session yet');
    await bench.lacks('Cookies', '__Host-session');
    await bench.shows('localStorage', 'lab-colour', 'blue of localStorage');
    expect(await sessionCookie(context)).toBeUndefined();

    const request = await thief(cookie.value);
    expect((await request.get('/api/whoami')).status()).toBe(401);
    const account = await request.get('/account');
    expect(account.status()).toBe(303);
    expect(account.headers().location).toBe('/login?next=/account');
  });
});
