// Two tabs that edit the same entry: the second is told, keeps what was typed, and overwrites only knowingly.
import { Bench } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

for (const store of ['Cookies', 'localStorage', 'Server session'] as const) {
  const tag = store === 'Server session' ? '@databases' : [];

  test(`the second of two edits of ${store} is refused until it is meant`, { tag }, async ({ bench, context, page, tolerate }) => {
    tolerate(/status of 409/);
    await bench.open();
    await bench.add(store, 'tea', 'green');
    const field = await bench.openEdit(store, 'lab-tea');
    await field.fill('white');
    const other = await new Bench(await context.newPage()).open();
    await other.edit(store, 'lab-tea', 'black, and strong');
    await other.shows(store, 'lab-tea', 'black, and strong');
    // What is typed stays while the page learns of it.
    await expect(bench.status).toHaveText(`Another tab changed lab-tea in ${store}.`);
    await expect(field).toHaveValue('white');

    await bench.save(store, 'lab-tea');
    await expect(bench.cell(store, 'lab-tea').getByRole('alert')).toHaveText(
      'Another tab changed it meanwhile to “black, and strong”. Save again if you mean it.');
    await expect(field).toHaveValue('white');
    expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'black, and strong' });

    await bench.save(store, 'lab-tea');
    await bench.shows(store, 'lab-tea', 'white');
    await other.shows(store, 'lab-tea', 'white');
    expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'white' });
  });

  test(`an edit of ${store} outlives the entry’s end in another tab`, { tag }, async ({ bench, context, page, tolerate }) => {
    tolerate(/status of 409/);
    await bench.open();
    await bench.add(store, 'tea', 'green');
    const field = await bench.openEdit(store, 'lab-tea');
    await field.fill('white');
    const other = await new Bench(await context.newPage()).open();
    await other.delete(store, 'lab-tea');
    await other.lacks(store, 'lab-tea');

    await bench.save(store, 'lab-tea');
    await expect(bench.cell(store, 'lab-tea').getByRole('alert')).toContainText('Another tab deleted it meanwhile. Save again if you mean it.');
    await expect(field).toHaveValue('white');
    expect(await contents(page, store)).not.toHaveProperty('lab-tea');
    await bench.save(store, 'lab-tea');
    await bench.shows(store, 'lab-tea', 'white');
    expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'white' });
  });

  test(`undoing in ${store} does not overwrite another tab’s work unless it is meant`, { tag }, async ({
    bench,
    context,
    page,
    tolerate,
  }) => {
    tolerate(/status of 409/);
    await bench.open();
    await bench.add(store, 'tea', 'green');
    await bench.edit(store, 'lab-tea', 'black');
    await bench.shows(store, 'lab-tea', 'black');
    const other = await new Bench(await context.newPage()).open();
    await other.edit(store, 'lab-tea', 'white');
    await bench.shows(store, 'lab-tea', 'white');

    await bench.button('Undo').click();
    await expect(bench.status).toHaveText(
      `Not undone for lab-tea in ${store}: Changed lab-tea in ${store}. ` +
        'Another tab changed it meanwhile to “white”. Undo once more if you mean it.');
    expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'white' });
    await bench.button('Undo').click();
    await bench.shows(store, 'lab-tea', 'green');
    expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'green' });
    // What was overwritten is not lost.
    await bench.button('Redo').click();
    await bench.shows(store, 'lab-tea', 'white');
  });
}

test('what another tab deletes can still be deleted here', async ({ bench, context, page }) => {
  await bench.open();
  await bench.add('localStorage', 'tea', 'green');
  await bench.shows('localStorage', 'lab-tea', 'green');
  // In one go, so that the page does not hear of it in between.
  await bench.inCell('Delete', 'localStorage', 'lab-tea').evaluate((button: HTMLElement) => {
    localStorage.removeItem('lab-tea');
    button.click();
  });
  await bench.lacks('localStorage', 'lab-tea');
  await expect(bench.status).toHaveText('Deleted lab-tea from localStorage.');
  expect(await context.cookies()).toEqual([]);
});
