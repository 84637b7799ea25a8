// The grid by keyboard (WAI-ARIA APG, grid), and the keys that work anywhere.
import type { Locator, Page } from '@playwright/test';
import type { Bench } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const header = (bench: Bench, name: string) => bench.row('localStorage', name).getByRole('rowheader');
const value = (bench: Bench, name: string) => bench.facts('localStorage', name).first();

async function go(page: Page, steps: [string, Locator][]): Promise<void> {
  for (const [key, goal] of steps) {
    await page.keyboard.press(key);
    await expect(goal, key).toBeFocused();
  }
}

test.describe('in the entries of a store', () => {
  test.beforeEach(async ({ bench, page }) => {
    await page.goto('/healthz');
    await page.evaluate(() => ['a', 'b', 'c', 'd'].forEach((name) => localStorage.setItem(`lab-${name}`, name)));
    await bench.open();
    await expect(bench.names('localStorage')).toHaveCount(4);
    await header(bench, 'lab-a').focus();
  });

  test('the arrows, Home and End go from cell to cell', async ({ bench, page }) => {
    await go(page, [
      ['ArrowDown', header(bench, 'lab-b')],
      ['ArrowRight', value(bench, 'lab-b')],
      ['ArrowUp', value(bench, 'lab-a')],
      ['ArrowUp', value(bench, 'lab-a')],
      ['End', bench.facts('localStorage', 'lab-a').last()],
      ['Home', header(bench, 'lab-a')],
      ['ArrowLeft', header(bench, 'lab-a')],
      ['PageDown', header(bench, 'lab-d')],
      ['PageUp', header(bench, 'lab-a')],
      ['Control+End', bench.facts('localStorage', 'lab-d').last()],
      ['Control+Home', header(bench, 'lab-a')],
    ]);
  });

  test('the grid is one stop of the Tab key, from which the buttons of that row follow', async ({ bench, page }) => {
    const button = (verb: string) => bench.row('localStorage', 'lab-b').getByRole('button', { name: `${verb} lab-b` });
    await go(page, [
      ['ArrowDown', header(bench, 'lab-b')],
      ['Tab', bench.row('localStorage', 'lab-b').getByRole('checkbox', { name: 'Select lab-b' })],
      ['Tab', button('Inspect')],
      ['Tab', button('Edit')],
      ['Tab', button('Delete')],
      ['Tab', bench.button('Add to localStorage')],
      ['Shift+Tab', button('Delete')],
      ['Escape', bench.facts('localStorage', 'lab-b').last()],
      ['Enter', bench.row('localStorage', 'lab-b').getByRole('checkbox', { name: 'Select lab-b' })],
    ]);
  });

  for (const key of ['Enter', 'F2']) {
    test(`${key} edits the value, and Escape gives up`, async ({ bench, page }) => {
      const field = bench.row('localStorage', 'lab-a').getByRole('textbox', { name: 'Value of lab-a' });
      await go(page, [['ArrowRight', value(bench, 'lab-a')], [key, field]]);
      await page.keyboard.type('changed');
      await page.keyboard.press('Enter');
      await bench.shows('localStorage', 'lab-a', 'changed');
      await expect(value(bench, 'lab-a')).toBeFocused();
      await go(page, [[key, field]]);
      await page.keyboard.type('given up');
      await go(page, [['Escape', value(bench, 'lab-a')]]);
      expect(await contents(page, 'localStorage')).toMatchObject({ 'lab-a': 'changed' });
    });
  }

  test('Delete deletes and goes on with the next entry', async ({ bench, page }) => {
    await go(page, [['ArrowDown', header(bench, 'lab-b')], ['Delete', header(bench, 'lab-c')]]);
    expect(Object.keys(await contents(page, 'localStorage')).sort()).toEqual(['lab-a', 'lab-c', 'lab-d']);
    await page.keyboard.press('Control+z');
    await bench.shows('localStorage', 'lab-b', 'b');
    await page.keyboard.press('Control+Shift+z');
    await bench.lacks('localStorage', 'lab-b');
    await page.keyboard.press('Control+z');
    await bench.shows('localStorage', 'lab-b', 'b');
    await page.keyboard.press('Control+y');
    await bench.lacks('localStorage', 'lab-b');
  });

  test('Space selects, with Shift and the arrows more, and Delete deletes them together', async ({ bench, page }) => {
    const boxes = bench.region('localStorage').getByRole('checkbox', { name: /^Select lab-/, checked: true });
    await page.keyboard.press('Space');
    await expect(boxes).toHaveCount(1);
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(boxes).toHaveCount(3);
    await page.keyboard.press('Shift+ArrowUp');
    await expect(boxes).toHaveCount(2);
    await page.keyboard.press('Delete');
    await expect(bench.status).toHaveText('Deleted 2 entries from localStorage.');
    await expect(bench.names('localStorage')).toHaveText(['lab-c', 'lab-d']);
    // The focus follows once the rows are gone.
    await expect(bench.grid('localStorage').locator(':focus')).toHaveCount(1);
    await page.keyboard.press('Control+a');
    await expect(boxes).toHaveCount(2);
  });
});

test('single keys go to the filter and to a new value, and open the list of keys', async ({ bench, page }) => {
  await bench.open();
  await page.keyboard.press('/');
  await expect(bench.filter).toBeFocused();
  await page.keyboard.press('n');
  await expect(bench.filter).toHaveValue('n');
  await page.keyboard.press('Tab');
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
  await bench.open();
  await bench.button('Keys').click();
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.getByRole('switch', { name: 'Keys without Ctrl' }).uncheck();
  await keys.getByRole('button', { name: 'Close' }).click();
  await expect(bench.button('Keys')).toBeFocused();
  expect(await contents(page, 'localStorage')).toEqual({ 'lab-keys': 'off' });

  await page.reload();
  await bench.awake();
  await page.keyboard.press('?');
  await page.keyboard.press('n');
  await expect(keys).toBeHidden();
  await expect(bench.nameField).not.toBeFocused();
  await bench.add('localStorage', 'tea', 'green');
  await bench.shows('localStorage', 'lab-tea', 'green');
  await page.keyboard.press('Control+z');
  await bench.lacks('localStorage', 'lab-tea');
});
