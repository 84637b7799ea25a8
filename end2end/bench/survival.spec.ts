// Then something happens: every row is held against what the browser itself says of the markers.
import { expect, test } from '../support/fixtures';
import { Matrix } from '../support/survival';

const ALL_KEPT = ['kept', 'kept', 'kept', 'kept', 'kept'];

test('a reload keeps everything', async ({ bench, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.start('reload');
  await matrix.says('reload', ALL_KEPT);
});

test('run all', async ({ bench, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.button('Run all that need no leaving').click();
  await expect(bench.status).toHaveText(/Tried all/, { timeout: 50_000 });
  for (const row of await matrix.table.getByRole('row').all()) console.log((await row.innerText()).replaceAll(/\s+/g, ' '));
});
