// Sorting the rows, and remembering the order.
import type { Bench } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const HELD = {
  sessionStorage: { 'lab-a': 'zz', 'lab-b': '漢漢漢', 'lab-c': 'aaaa' },
  localStorage: { 'lab-a': 'zz', 'lab-b': '漢漢漢', 'lab-c': 'other' },
};

/** The order of the entries, that which remembers the order left out. */
const order = (bench: Bench) => expect(bench.names().filter({ hasNotText: 'lab-view' }));

test.beforeEach(async ({ bench, page }) => {
  await page.goto('/healthz');
  await page.evaluate((held) => {
    for (const [area, entries] of Object.entries(held)) {
      for (const [name, value] of Object.entries(entries)) window[area as keyof typeof held].setItem(name, value);
    }
  }, HELD);
  await bench.open();
});

test('the rows are sorted by each fact, both ways', async ({ bench, page }) => {
  await expect(page.getByRole('combobox', { name: 'Sort by' }).getByRole('option')).toHaveText([
    'Name', 'Value', 'Bytes', 'UTF-16 units', 'Ends', 'Seen by', 'Arrival', 'Differences',
  ]);
  for (const [what, names] of Object.entries({
    Name: ['lab-a', 'lab-b', 'lab-c'],
    Value: ['lab-c', 'lab-a', 'lab-b'],
    Bytes: ['lab-a', 'lab-c', 'lab-b'],
    'UTF-16 units': ['lab-a', 'lab-b', 'lab-c'],
  })) {
    await bench.sortBy(what);
    await order(bench).toHaveText(names);
    await bench.turn();
    await order(bench).toHaveText(names.toReversed());
    await bench.turn();
  }
});

test('the rows whose values differ come first', async ({ bench }) => {
  await bench.sortBy('Differences');
  await order(bench).toHaveText(['lab-c', /lab-[ab]/, /lab-[ab]/]);
  await expect(bench.actions('lab-c')).toContainText('values differ');
});

test('the rows are sorted by what one store holds, and the head says by which and which way', async ({ bench, page }) => {
  const header = (name: string) => bench.grid.getByRole('columnheader', { name, exact: true });
  await page.evaluate(() => {
    for (const [name, value] of [['lab-a', '3'], ['lab-b', '2'], ['lab-c', '1']] as const) localStorage.setItem(name, value);
    window.dispatchEvent(new Event('focus'));
  });
  await bench.shows('localStorage', 'lab-a', '3');
  await expect(header('Name')).toHaveAttribute('aria-sort', 'ascending');
  await bench.sortBy('Value');
  await bench.choose('localStorage', 'Sort by localStorage');
  await order(bench).toHaveText(['lab-c', 'lab-b', 'lab-a']);
  await expect(header('localStorage')).toHaveAttribute('aria-sort', 'ascending');
  await expect(bench.grid.locator('[aria-sort=ascending], [aria-sort=descending]')).toHaveCount(1);
  await bench.turn();
  await order(bench).toHaveText(['lab-a', 'lab-b', 'lab-c']);
  await expect(header('localStorage')).toHaveAttribute('aria-sort', 'descending');
  await bench.turn();
  await bench.choose('sessionStorage', 'Sort by sessionStorage');
  await order(bench).toHaveText(['lab-c', 'lab-a', 'lab-b']);
  await expect(header('sessionStorage')).toHaveAttribute('aria-sort', 'ascending');
  await bench.sortBy('Name');
  await order(bench).toHaveText(['lab-a', 'lab-b', 'lab-c']);
  await expect(header('Name')).toHaveAttribute('aria-sort', 'ascending');
});

test('new names come last in the order of arrival', async ({ bench }) => {
  await bench.add('sessionStorage', 'aa', '1');
  await bench.shows('sessionStorage', 'lab-aa', '1');
  await bench.add('localStorage', '0', '1');
  await bench.shows('localStorage', 'lab-0', '1');
  await bench.sortBy('Arrival');
  await order(bench).toHaveText(['lab-a', 'lab-b', 'lab-c', 'lab-aa', 'lab-0']);
});

test('the order is remembered as an entry of the lab, and forgotten with it', async ({ bench, page }) => {
  await bench.sortBy('Bytes');
  await bench.turn();
  await order(bench).toHaveText(['lab-b', 'lab-c', 'lab-a']);
  await expect.poll(() => contents(page, 'localStorage')).toHaveProperty('lab-view');
  await bench.shows('localStorage', 'lab-view', (await contents(page, 'localStorage'))['lab-view']!);

  await page.reload();
  await bench.awake();
  await order(bench).toHaveText(['lab-b', 'lab-c', 'lab-a']);
  await expect(page.getByRole('combobox', { name: 'Sort by' })).toHaveValue(/bytes/i);
  await bench.turn();
  await bench.sortBy('Name');
  await order(bench).toHaveText(['lab-a', 'lab-b', 'lab-c']);
  await bench.lacks('localStorage', 'lab-view');
  expect(await contents(page, 'localStorage')).toEqual(HELD.localStorage);
});
