// The one table: a row for each name, a cell for each store, and what is done to a name in all of them.
import { type Bench, STORES } from '../support/bench';
import { CookieForm } from '../support/cookie-form';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { logIn } from '../support/people';

/** Asserts which cells of a row are marked as other than most. */
async function marks(bench: Bench, name: string, ...marked: readonly (typeof STORES)[number][]): Promise<void> {
  for (const store of STORES) {
    const cell = bench.cell(store, name);
    await (marked.includes(store) ? expect(cell).toHaveAttribute('data-differs') : expect(cell).not.toHaveAttribute('data-differs'));
  }
}

test('a name is one row, and each store that holds it a cell with value, size, end and who sees it', async ({ bench }) => {
  await bench.open();
  await bench.putAndWait('city', 'Zürich');
  await expect(bench.rowHeader('lab-city')).toHaveCount(1);
  await expect(bench.rowHeader('lab-city')).toHaveText('lab-city');
  for (const [store, end, seen] of [
    ['Cookies', /ends with the browser session|not told to scripts/, 'scripts and server'],
    ['sessionStorage', 'ends with the tab', 'scripts'],
    ['localStorage', 'never ends', 'scripts'],
    ['Server session', /ends in (30|29) min/, 'server'],
  ] as const) {
    const cell = bench.cell(store, 'lab-city');
    await bench.shows(store, 'lab-city', 'Zürich');
    await expect(cell).toContainText('15 bytes, 14 UTF-16 units');
    await expect(cell).toContainText(end);
    await expect(cell).toContainText(seen);
  }
  // Where bytes and units are as many, the bytes say it all.
  await bench.add('localStorage', 'tea', 'green');
  await expect(bench.cell('localStorage', 'lab-tea')).toContainText('12 bytes');
  await expect(bench.cell('localStorage', 'lab-tea')).not.toContainText('UTF-16');
  for (const store of STORES.filter((store) => store !== 'localStorage')) {
    await expect(bench.cell(store, 'lab-tea')).toContainText('—');
    await expect(bench.inCell('Edit', store, 'lab-tea')).toHaveCount(0);
  }
});

test('a row whose values differ says so, and the value that differs is marked', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  await expect(bench.actions('lab-tea')).not.toContainText('differ');
  await marks(bench, 'lab-tea');
  await bench.edit('localStorage', 'lab-tea', 'black');
  await expect(bench.actions('lab-tea')).toContainText('values differ');
  await marks(bench, 'lab-tea', 'localStorage');
  // A change that is not made here is marked as well.
  await page.evaluate(() => void (document.cookie = 'lab-tea=white; Path=/'));
  await marks(bench, 'lab-tea', 'Cookies', 'localStorage');
  for (const store of ['Cookies', 'localStorage'] as const) await bench.edit(store, 'lab-tea', 'green');
  await expect(bench.actions('lab-tea')).not.toContainText('differ');
  await marks(bench, 'lab-tea');
  // What is missing is no other value.
  await bench.delete('Cookies', 'lab-tea');
  await bench.lacks('Cookies', 'lab-tea');
  await expect(bench.actions('lab-tea')).not.toContainText('differ');
});

test('a name is put where it is missing with the value that most stores have, one store at a time or all at once', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  await expect(bench.putInAllButton('lab-tea')).toHaveCount(0);
  await bench.edit('sessionStorage', 'lab-tea', 'black');
  await bench.shows('sessionStorage', 'lab-tea', 'black');
  await bench.delete('Cookies', 'lab-tea');
  await bench.lacks('Cookies', 'lab-tea');

  await bench.putIn('Cookies', 'lab-tea');
  await expect(bench.status).toHaveText('Put lab-tea in Cookies.');
  await bench.shows('Cookies', 'lab-tea', 'green');
  expect(await contents(page, 'Cookies')).toMatchObject({ 'lab-tea': 'green' });

  await bench.delete('Cookies', 'lab-tea');
  await bench.delete('Server session', 'lab-tea');
  await bench.lacks('Server session', 'lab-tea');
  await bench.edit('sessionStorage', 'lab-tea', 'green');
  await bench.putInAll('lab-tea');
  await expect(bench.status).toHaveText('Put lab-tea in 2 stores.');
  for (const store of STORES) expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'green' });
  await expect(bench.putInAllButton('lab-tea')).toHaveCount(0);

  // One step, and nothing but what was put is taken back.
  await bench.button('Undo').click();
  await expect(bench.status).toHaveText('Undone: Put lab-tea in 2 stores.');
  for (const store of ['Cookies', 'Server session'] as const) expect(await contents(page, store)).not.toHaveProperty('lab-tea');
  for (const store of ['sessionStorage', 'localStorage'] as const) expect(await contents(page, store)).toEqual({ 'lab-tea': 'green' });
});

test('a store that refuses the value says why, and the others take it', async ({ bench, page }) => {
  await bench.open();
  await bench.add('localStorage', 'my=colour', 'blue');
  await bench.putIn('Cookies', 'lab-my=colour');
  await expect(bench.status).toContainText("A cookie's name cannot hold “=”");
  expect(await contents(page, 'Cookies')).toEqual({});
  await bench.putInAll('lab-my=colour');
  await bench.shows('Server session', 'lab-my=colour', 'blue');
  for (const store of ['sessionStorage', 'Server session'] as const) expect(await contents(page, store)).toEqual({ 'lab-my=colour': 'blue' });
  await expect(bench.status).toContainText("A cookie's name cannot hold “=”");
});

test('a name is deleted everywhere and put back as one step', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  await bench.putAndWait('cup', 'large');
  await bench.edit('localStorage', 'lab-tea', 'black');
  await bench.shows('localStorage', 'lab-tea', 'black');
  const before = await Promise.all(STORES.map((store) => contents(page, store)));
  await bench.deleteEverywhere('lab-tea');
  await expect(bench.status).toHaveText('Deleted lab-tea everywhere.');
  await expect(bench.row('lab-tea')).toHaveCount(0);
  for (const store of STORES) {
    const held = await contents(page, store);
    expect(held).not.toHaveProperty('lab-tea');
    expect(held).toHaveProperty('lab-cup', 'large');
  }
  await bench.button('Undo').click();
  await expect(bench.status).toHaveText('Undone: Deleted lab-tea everywhere.');
  await bench.shows('localStorage', 'lab-tea', 'black');
  expect(await Promise.all(STORES.map((store) => contents(page, store)))).toEqual(before);
});

test('what cannot be put back is told before it is missed', async ({ baseURL, bench, context }) => {
  await context.addCookies([{ name: 'lab-tea', value: 'hidden', url: baseURL!, httpOnly: true }]);
  await bench.open();
  await bench.add('localStorage', 'tea', 'green');
  await bench.deleteEverywhere('lab-tea');
  await expect(bench.status).toHaveText('Deleted lab-tea everywhere. What scripts cannot read cannot be put back.');
  expect(await context.cookies()).toEqual([]);
  await bench.button('Undo').click();
  await bench.shows('localStorage', 'lab-tea', 'green');
  expect(await context.cookies()).toEqual([]);
});

test('two cookies of one name are two rows, one right below the other', async ({ bench, context }) => {
  await bench.open();
  await bench.putAndWait('zebra', '1');
  await bench.putAndWait('tea', 'green');
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'tea', Value: 'black', Path: '/lab/echo/x' }, 'script');
  await form.tryIt();
  const second = 'lab-tea, path /lab/echo/x';
  // For which paths it made cookies the lab keeps in an entry of its own.
  await expect(bench.names()).toHaveText(['__Host-session', 'lab-paths', 'lab-tea', second, 'lab-zebra']);
  await bench.shows('Cookies', 'lab-tea', 'green');
  await expect(bench.cell('Cookies', second)).toContainText('it travels to /lab/echo/x only: Path');
  for (const store of STORES.slice(1)) {
    await bench.shows(store, 'lab-tea', 'green');
    await bench.lacks(store, second);
  }
  // Each by itself.
  await bench.cell('Cookies', second).getByRole('button', { name: /^Delete lab-tea.* from Cookies$/ }).click();
  await expect(bench.row(second)).toHaveCount(0);
  await bench.shows('Cookies', 'lab-tea', 'green');
  const left = (await context.cookies()).filter(({ name }) => name === 'lab-tea');
  expect(left).toMatchObject([{ value: 'green', path: '/' }]);
});

test('nothing is offered for the login cookie but to look at it', async ({ bench, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  const row = bench.row('__Host-session');
  await expect(bench.cell('Cookies', '__Host-session')).toContainText('••••••••');
  await expect(bench.cell('Cookies', '__Host-session')).toContainText('server only: HttpOnly');
  await expect(row.getByRole('button')).toHaveAccessibleName('Inspect __Host-session');
  await expect(row.getByRole('checkbox')).toHaveCount(0);
});

test('an empty table says what to do', async ({ bench }) => {
  await bench.open();
  const empty = bench.page.getByText(/^Nothing here yet\. Put a value/);
  await expect(empty).toBeVisible();
  await bench.counts(0);
  await bench.add('localStorage', 'tea', 'green');
  await bench.counts(1);
  await expect(empty).toBeHidden();
});
