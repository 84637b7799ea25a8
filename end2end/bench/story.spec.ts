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
    for (const [store, ends] of [
      ['Cookies', /ends with the browser session|not told to scripts/],
      ['sessionStorage', 'ends with the tab'],
      ['localStorage', 'never ends'],
      ['Server session', /ends in (30|29) min/],
    ] as const) {
      await bench.shows(store, 'lab-colour', 'blue');
      await expect(bench.cell(store, 'lab-colour')).toContainText('14 bytes');
      await expect(bench.cell(store, 'lab-colour')).toContainText(ends);
    }
  });

  await test.step('see the login cookie, out of reach of scripts', async () => {
    const row = bench.row('__Host-session');
    await expect(row).toContainText('••••••••');
    await expect(row).toContainText('server only: HttpOnly');
    await expect(row).toContainText(/protected: log out to remove it/i);
    await expect(row.getByRole('button', { name: /^(Edit|Delete|Put) / })).toHaveCount(0);
    await expect(row.getByRole('checkbox')).toHaveCount(0);
  });

  await test.step('edit, delete, undo, put back from the others and clear', async () => {
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
    await expect(bench.actions('lab-colour')).toContainText('values differ');
    await bench.deleteEverywhere('lab-colour');
    await expect(bench.row('lab-colour')).toHaveCount(0);
    await bench.button('Undo').click();
    await bench.shows('Server session', 'lab-colour', 'blue of Server session');
    await bench.clear('sessionStorage');
    await bench.lacks('sessionStorage', 'lab-colour');
    await bench.putIn('sessionStorage', 'lab-colour');
    await bench.shows('sessionStorage', 'lab-colour', /^blue of /);
    await bench.shows('localStorage', 'lab-colour', 'blue of localStorage');
  });

  await test.step('log out: the values of the session are gone, and its cookie opens nothing', async () => {
    const cookie = (await sessionCookie(context))!;
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
    await expect(await bench.menu('Server session')).toContainText('No session yet');
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
