// The grid by keyboard (WAI-ARIA APG, grid), and the keys that work anywhere.
import type { Locator, Page } from '@playwright/test';
import { type Bench, STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

async function go(page: Page, steps: [string, Locator][]): Promise<void> {
  for (const [key, goal] of steps) {
    await page.keyboard.press(key);
    await expect(goal, key).toBeFocused();
  }
}

test.describe('in the grid', () => {
  const local = (bench: Bench, name: string) => bench.cell('localStorage', name);

  test.beforeEach(async ({ bench, page }) => {
    await page.goto('/healthz');
    await page.evaluate(() => ['a', 'b', 'c', 'd'].forEach((name) => localStorage.setItem(`lab-${name}`, name)));
    await bench.open();
    await expect(bench.names()).toHaveCount(4);
    await bench.rowHeader('lab-a').focus();
  });

  test('the arrows, Home, End and the page keys go from cell to cell, whether it holds something or not', async ({ bench, page }) => {
    await go(page, [
      ['ArrowDown', bench.rowHeader('lab-b')],
      ['ArrowRight', bench.cell('Cookies', 'lab-b')],
      ['ArrowRight', bench.cell('sessionStorage', 'lab-b')],
      ['ArrowRight', local(bench, 'lab-b')],
      ['ArrowUp', local(bench, 'lab-a')],
      ['ArrowRight', bench.cell('Server session', 'lab-a')],
      ['ArrowRight', bench.actions('lab-a')],
      ['ArrowRight', bench.actions('lab-a')],
      ['Home', bench.rowHeader('lab-a')],
      ['ArrowLeft', bench.rowHeader('lab-a')],
      ['End', bench.actions('lab-a')],
      ['Home', bench.rowHeader('lab-a')],
      ['PageDown', bench.rowHeader('lab-d')],
      ['PageUp', bench.rowHeader('lab-a')],
      ['Control+End', bench.actions('lab-d')],
      ['Control+Home', bench.rowHeader('lab-a')],
    ]);
  });

  test('the grid is one stop of the Tab key, from which the buttons of that row follow', async ({ bench, page }) => {
    const row = bench.row('lab-b');
    await go(page, [
      ['ArrowDown', bench.rowHeader('lab-b')],
      ['Tab', bench.checkbox('lab-b')],
      ['Tab', bench.inCell('Put', 'Cookies', 'lab-b')],
      ['Tab', bench.inCell('Put', 'sessionStorage', 'lab-b')],
      ['Tab', bench.inCell('Edit', 'localStorage', 'lab-b')],
      ['Tab', bench.inCell('Delete', 'localStorage', 'lab-b')],
      ['Tab', bench.inCell('Put', 'Server session', 'lab-b')],
      ['Tab', bench.inspectButton('lab-b')],
      ['Tab', bench.putInAllButton('lab-b')],
      ['Tab', row.getByRole('button', { name: 'Delete lab-b everywhere' })],
    ]);
    await page.keyboard.press('Tab');
    await expect(bench.grid.locator(':focus')).toHaveCount(0);
    await go(page, [
      ['Shift+Tab', row.getByRole('button', { name: 'Delete lab-b everywhere' })],
      ['Escape', bench.actions('lab-b')],
      ['Enter', bench.inspectButton('lab-b')],
      ['Escape', bench.actions('lab-b')],
    ]);
  });

  for (const key of ['Enter', 'F2']) {
    test(`${key} edits the value, and Escape gives up`, async ({ bench, page }) => {
      const field = bench.field('localStorage', 'lab-a');
      await local(bench, 'lab-a').focus();
      await go(page, [[key, field]]);
      await page.keyboard.type('changed');
      await page.keyboard.press('Enter');
      await bench.shows('localStorage', 'lab-a', 'changed');
      await expect(local(bench, 'lab-a')).toBeFocused();
      await go(page, [[key, field]]);
      await page.keyboard.type('given up');
      await go(page, [['Escape', local(bench, 'lab-a')]]);
      expect(await contents(page, 'localStorage')).toMatchObject({ 'lab-a': 'changed' });
    });
  }

  test('Enter puts the name where it is missing, and the focus stays there', async ({ bench, page }) => {
    const cell = bench.cell('sessionStorage', 'lab-b');
    await cell.focus();
    await page.keyboard.press('Enter');
    await bench.shows('sessionStorage', 'lab-b', 'b');
    await expect(cell).toBeFocused();
    expect(await contents(page, 'sessionStorage')).toEqual({ 'lab-b': 'b' });
  });

  test('Delete deletes from the store of the cell, elsewhere in the row everywhere, and goes on with the next name', async ({ bench, page }) => {
    const [cell, held] = [bench.cell('sessionStorage', 'lab-b'), () => contents(page, 'localStorage')];
    await cell.focus();
    await page.keyboard.press('Enter');
    await bench.shows('sessionStorage', 'lab-b', 'b');
    await page.keyboard.press('Delete');
    await bench.lacks('sessionStorage', 'lab-b');
    await expect(cell).toBeFocused();
    expect(await held()).toMatchObject({ 'lab-b': 'b' });
    await page.keyboard.press('Enter');
    await bench.shows('sessionStorage', 'lab-b', 'b');
    await go(page, [['Home', bench.rowHeader('lab-b')], ['Delete', bench.rowHeader('lab-c')]]);
    await expect(bench.status).toHaveText('Deleted lab-b everywhere.');
    expect(Object.keys(await held()).sort()).toEqual(['lab-a', 'lab-c', 'lab-d']);
    expect(await contents(page, 'sessionStorage')).toEqual({});
    await go(page, [['End', bench.actions('lab-c')], ['Delete', bench.actions('lab-d')]]);
    expect(Object.keys(await held()).sort()).toEqual(['lab-a', 'lab-d']);
    await page.keyboard.press('Control+z');
    await bench.shows('localStorage', 'lab-c', 'c');
    await page.keyboard.press('Control+Shift+z');
    await expect(bench.row('lab-c')).toHaveCount(0);
    await page.keyboard.press('Control+z');
    await bench.shows('localStorage', 'lab-c', 'c');
    await page.keyboard.press('Control+y');
    await expect(bench.row('lab-c')).toHaveCount(0);
  });

  test('Space selects, with Shift and the arrows more, and Delete deletes them together', async ({ bench, page }) => {
    const boxes = bench.grid.getByRole('checkbox', { name: /^Select lab-/, checked: true });
    await page.keyboard.press('Space');
    await expect(boxes).toHaveCount(1);
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(boxes).toHaveCount(3);
    await page.keyboard.press('Shift+ArrowUp');
    await expect(boxes).toHaveCount(2);
    await page.keyboard.press('Delete');
    await expect(bench.status).toHaveText('Deleted 2 names everywhere.');
    await expect(bench.names()).toHaveText(['lab-c', 'lab-d']);
    // The focus follows once the rows are gone.
    await expect(bench.grid.locator(':focus')).toHaveCount(1);
    await page.keyboard.press('Control+a');
    await expect(boxes).toHaveCount(2);
  });

  test('the grid begins at its facts and ends at its last row', async ({ bench }) => {
    await expect(bench.grid).toHaveAttribute('aria-rowcount', '9');
    await expect(bench.row('When it ends')).toHaveAttribute('aria-rowindex', '5');
    await expect(bench.row('lab-a')).toHaveAttribute('aria-rowindex', '6');
    await expect(bench.row('lab-d')).toHaveAttribute('aria-rowindex', '9');
    const names = (await bench.grid.getByRole('columnheader').all()).map((header) => header);
    expect(names).toHaveLength(STORES.length + 2);
  });
});

test('single keys go to the filter and to a new value, and open the list of keys', async ({ bench, page }) => {
  await bench.open();
  await page.keyboard.press('/');
  await expect(bench.filter).toBeFocused();
  await page.keyboard.press('n');
  await expect(bench.filter).toHaveValue('n');
  await bench.button('Keys').focus();
  await page.keyboard.press('n');
  await expect(bench.nameField).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(keys).toContainText('to the filter');
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await expect(bench.button('Put in all four')).toBeFocused();
});

test('single keys can be switched off, which is remembered; the others stay', async ({ bench, page }) => {
  const keys = page.getByRole('dialog', { name: 'Keys' });
  const off = keys.getByRole('switch', { name: 'Keys without Ctrl' });
  const close = keys.getByRole('button', { name: 'Close' });
  await bench.open();
  await bench.button('Keys').click();
  await off.uncheck();
  await close.click();
  await expect(bench.button('Keys')).toBeFocused();
  expect(await contents(page, 'localStorage')).toEqual({ 'lab-keys': 'off' });

  await page.reload();
  await bench.awake();
  await bench.add('localStorage', 'tea', 'green');
  await bench.shows('localStorage', 'lab-tea', 'green');
  // What lists the keys has been fetched from here on: nothing that `?` would open is still on its way.
  await bench.button('Keys').click();
  await expect(off).not.toBeChecked();
  await close.click();
  await expect(bench.button('Keys')).toBeFocused();
  await page.keyboard.press('?');
  await page.keyboard.press('n');
  // A key that is answered, after those that are not.
  await page.keyboard.press('Control+z');
  await bench.lacks('localStorage', 'lab-tea');
  await expect(keys).toBeHidden();
  await expect(bench.button('Keys')).toBeFocused();

  await bench.button('Keys').click();
  await off.check();
  await close.click();
  await expect(bench.button('Keys')).toBeFocused();
  await page.keyboard.press('?');
  await expect(keys).toBeVisible();
});
