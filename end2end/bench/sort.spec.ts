// Sorting a column, and remembering it.
import type { Bench } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const ENTRIES = { 'lab-a': 'zz', 'lab-b': '漢漢漢', 'lab-c': 'aaaa' };

const by = (bench: Bench, column: string) =>
  bench.region('sessionStorage').getByRole('combobox', { name: 'Sort by' }).selectOption(column);
const turn = (bench: Bench) => bench.region('sessionStorage').getByRole('button', { name: /^(As|Des)cending$/ }).click();
const names = (bench: Bench) => expect(bench.names('sessionStorage'));

test.beforeEach(async ({ bench, page }) => {
  await page.goto('/healthz');
  await page.evaluate((entries) => Object.entries(entries).forEach(([name, value]) => sessionStorage.setItem(name, value)), ENTRIES);
  await bench.open();
});

test('a column is sorted by each of its facts, both ways', async ({ bench }) => {
  for (const [column, order] of Object.entries({
    Name: ['lab-a', 'lab-b', 'lab-c'],
    Value: ['lab-c', 'lab-a', 'lab-b'],
    Bytes: ['lab-a', 'lab-c', 'lab-b'],
    'UTF-16 units': ['lab-a', 'lab-b', 'lab-c'],
  })) {
    await by(bench, column);
    await names(bench).toHaveText(order);
    await turn(bench);
    await names(bench).toHaveText(order.toReversed());
    await turn(bench);
  }
});

test('the header says by what and which way a column is sorted', async ({ bench }) => {
  const header = (name: string) => bench.region('sessionStorage').getByRole('columnheader', { name, exact: true });
  await expect(header('Bytes')).toHaveAttribute('aria-sort', 'none');
  await by(bench, 'Bytes');
  await expect(header('Bytes')).toHaveAttribute('aria-sort', 'ascending');
  await expect(header('Content')).toHaveAttribute('aria-sort', 'none');
  await turn(bench);
  await expect(header('Bytes')).toHaveAttribute('aria-sort', 'descending');
});

test('new entries come last in the order of arrival', async ({ bench }) => {
  await bench.add('sessionStorage', 'aa', '1');
  await bench.add('sessionStorage', '0', '1');
  await by(bench, 'Arrival');
  await names(bench).toHaveText(['lab-a', 'lab-b', 'lab-c', 'lab-aa', 'lab-0']);
});

test('the order is remembered as an entry of the lab, and forgotten with it', async ({ bench, page }) => {
  await by(bench, 'Bytes');
  await turn(bench);
  await names(bench).toHaveText(['lab-b', 'lab-c', 'lab-a']);
  const kept = (await contents(page, 'localStorage'))['lab-view']!;
  expect(JSON.parse(kept)).toEqual({ sort: { session: { by: 'bytes', descending: true } } });
  await bench.shows('localStorage', 'lab-view', kept);

  await page.reload();
  await bench.awake();
  await names(bench).toHaveText(['lab-b', 'lab-c', 'lab-a']);
  await turn(bench);
  await by(bench, 'Store\'s order');
  await names(bench).toHaveText(['lab-a', 'lab-b', 'lab-c']);
  await bench.lacks('localStorage', 'lab-view');
  expect(await contents(page, 'localStorage')).toEqual({});
});
