// Selecting several entries and deleting them as one step.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { logIn } from '../support/people';

for (const store of STORES) {
  test(`several entries of ${store} are deleted and put back as one step`, async ({ bench, page }) => {
    await bench.open();
    for (const name of ['one', 'two', 'three']) await bench.putAndWait(name, name);
    const before = await contents(page, store);
    for (const name of ['lab-one', 'lab-two']) await bench.row(store, name).getByRole('checkbox', { name: `Select ${name}` }).check();
    await bench.region(store).getByRole('button', { name: 'Delete 2 selected' }).click();
    await expect(bench.status).toHaveText(`Deleted 2 entries from ${store}.`);
    await bench.lacks(store, 'lab-one');
    await bench.lacks(store, 'lab-two');
    await bench.shows(store, 'lab-three', 'three');
    await bench.button('Undo').click();
    await bench.shows(store, 'lab-one', 'one');
    await bench.shows(store, 'lab-two', 'two');
    expect(await contents(page, store)).toEqual(before);
    await bench.button('Redo').click();
    await bench.lacks(store, 'lab-one');
    await bench.lacks(store, 'lab-two');
  });
}

test('a click with Shift selects all from the last one to this', async ({ bench }) => {
  await bench.open();
  for (const name of ['a', 'b', 'c', 'd']) await bench.add('localStorage', name, name);
  const box = (name: string) => bench.row('localStorage', name).getByRole('checkbox');
  await expect(box('lab-d')).toBeVisible();
  await box('lab-a').click();
  await box('lab-c').click({ modifiers: ['Shift'] });
  for (const name of ['lab-a', 'lab-b', 'lab-c']) await expect(box(name)).toBeChecked();
  await expect(box('lab-d')).not.toBeChecked();
  await expect(bench.button('Delete 3 selected')).toBeVisible();
});

test('“Select all shown” leaves alone what the filter hides', async ({ bench, page }) => {
  await bench.open();
  for (const name of ['a1', 'a2', 'b1']) await bench.add('localStorage', name, name);
  await bench.filter.fill('lab-a');
  await bench.lacks('localStorage', 'lab-b1');
  await bench.region('localStorage').getByRole('checkbox', { name: 'Select all shown' }).check();
  await bench.button('Delete 2 selected').click();
  await expect(bench.region('localStorage')).toContainText('No entry meets the filter.');
  expect(await contents(page, 'localStorage')).toEqual({ 'lab-b1': 'b1' });
});

test('the login cookie cannot be selected', async ({ bench, context, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await bench.add('Cookies', 'tea', 'green');
  await bench.shows('Cookies', 'lab-tea', 'green');
  await expect(bench.row('Cookies', '__Host-session').getByRole('checkbox')).toBeHidden();
  await bench.region('Cookies').getByRole('checkbox', { name: 'Select all shown' }).check();
  await bench.button('Delete 1 selected').click();
  await bench.lacks('Cookies', 'lab-tea');
  expect((await context.cookies()).map(({ name }) => name)).toEqual(['__Host-session']);
});
