// Two tabs of one browser: what changes in one shows in the other without a reload.
import { Bench, STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { logIn } from '../support/people';

const SHARED = ['Cookies', 'localStorage', 'Server session'] as const;

for (const store of SHARED) {
  test(`a change of ${store} in one tab shows in the other`, async ({ bench, context }) => {
    await bench.open();
    const other = await new Bench(await context.newPage()).open();

    await bench.add(store, 'tea', 'green');
    await other.shows(store, 'lab-tea', 'green');
    await other.edit(store, 'lab-tea', 'black');
    await bench.shows(store, 'lab-tea', 'black');
    await bench.delete(store, 'lab-tea');
    await other.lacks(store, 'lab-tea');
  });
}

test('sessionStorage stays in its own tab', async ({ bench, context }) => {
  await bench.open();
  const other = await new Bench(await context.newPage()).open();
  await bench.putAndWait('tea', 'green');
  for (const store of SHARED) await other.shows(store, 'lab-tea', 'green');
  await other.lacks('sessionStorage', 'lab-tea');
});

test('logging out in one tab shows on the bench of the other', async ({ bench, context, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await bench.putAndWait('tea', 'green');
  const other = await new Bench(await context.newPage()).open();
  await expect(other.cell('Cookies', '__Host-session')).toBeVisible();

  const menu = await other.menu('Server session');
  await expect(menu).toContainText(`logged in as ${user.username}`);
  await bench.button('Log out').click();
  await expect(menu).toContainText('No session yet');
  await other.lacks('Server session', 'lab-tea');
  await other.lacks('Cookies', '__Host-session');
  await expect(other.page.getByRole('navigation').getByRole('link', { name: 'Log in' })).toBeVisible();
});

test('a browser without cookieStore sees the cookies of other tabs too', async ({ bench, context }) => {
  await context.addInitScript(() => Reflect.deleteProperty(window, 'cookieStore'));
  await bench.open();
  expect(await bench.page.evaluate(() => 'cookieStore' in window)).toBe(false);
  const other = await context.newPage();
  await other.goto('/healthz');
  // Set by a page that is no bench, so that nothing but the cookie itself can tell of it.
  await other.evaluate(() => void (document.cookie = 'lab-tea=green; Path=/'));
  await bench.shows('Cookies', 'lab-tea', 'green');
  for (const words of ['12 bytes', 'not told to scripts', 'scripts and server']) {
    await expect(bench.cell('Cookies', 'lab-tea')).toContainText(words);
  }
  await bench.putAndWait('colour', 'blue');
  for (const store of STORES) await bench.shows(store, 'lab-colour', 'blue');
  await bench.edit('Cookies', 'lab-tea', 'black');
  await bench.delete('Cookies', 'lab-tea');
  await bench.lacks('Cookies', 'lab-tea');
});
