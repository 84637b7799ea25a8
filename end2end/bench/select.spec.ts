// Selecting several names and deleting them from all stores as one step.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { logIn } from '../support/people';

test('several names are deleted everywhere and put back as one step', async ({ bench, page }) => {
  await bench.open();
  for (const name of ['one', 'two', 'three']) await bench.putAndWait(name, name);
  const before = await Promise.all(STORES.map((store) => contents(page, store)));
  await expect(page.getByRole('button', { name: /selected$/ })).toBeHidden();
  for (const name of ['lab-one', 'lab-two']) await bench.checkbox(name).check();
  await bench.button('Delete 2 selected').click();
  await expect(bench.status).toHaveText('Deleted 2 names everywhere.');
  for (const name of ['lab-one', 'lab-two']) await expect(bench.row(name)).toHaveCount(0);
  for (const store of STORES) {
    await bench.shows(store, 'lab-three', 'three');
    const held = await contents(page, store);
    expect(Object.keys(held).filter((name) => name.startsWith('lab-'))).toEqual(['lab-three']);
  }
  await bench.button('Undo').click();
  for (const name of ['one', 'two']) for (const store of STORES) await bench.shows(store, `lab-${name}`, name);
  expect(await Promise.all(STORES.map((store) => contents(page, store)))).toEqual(before);
  await bench.button('Redo').click();
  for (const name of ['lab-one', 'lab-two']) await expect(bench.row(name)).toHaveCount(0);
});

test('a click with Shift selects all from the last one to this', async ({ bench }) => {
  await bench.open();
  for (const name of ['a', 'b', 'c', 'd']) await bench.add(name < 'c' ? 'localStorage' : 'sessionStorage', name, name);
  await expect(bench.checkbox('lab-d')).toBeVisible();
  await bench.checkbox('lab-a').click();
  await bench.checkbox('lab-c').click({ modifiers: ['Shift'] });
  for (const name of ['lab-a', 'lab-b', 'lab-c']) await expect(bench.checkbox(name)).toBeChecked();
  await expect(bench.checkbox('lab-d')).not.toBeChecked();
  await expect(bench.button('Delete 3 selected')).toBeVisible();
});

test('“Select all shown” leaves alone what the filter hides', async ({ bench, page }) => {
  await bench.open();
  for (const name of ['a1', 'a2', 'b1']) await bench.add('localStorage', name, name);
  await bench.filter.fill('lab-a');
  await expect(bench.names()).toHaveText(['lab-a1', 'lab-a2']);
  await bench.selectAll.check();
  await bench.button('Delete 2 selected').click();
  await expect(page.getByText('No entry meets the filter.')).toBeVisible();
  expect(await contents(page, 'localStorage')).toEqual({ 'lab-b1': 'b1' });
});

test('the login cookie cannot be selected', async ({ bench, context, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await bench.add('Cookies', 'tea', 'green');
  await bench.shows('Cookies', 'lab-tea', 'green');
  await bench.selectAll.check();
  await bench.button('Delete 1 selected').click();
  await bench.lacks('Cookies', 'lab-tea');
  expect((await context.cookies()).map(({ name }) => name)).toEqual(['__Host-session']);
});
