// Everything becomes a string: held against the stores as the browser’s debugger notes them.
import type { Page } from '@playwright/test';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

async function added(page: Page): Promise<string[]> {
  const all: string[] = [];
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('DOMStorage.enable');
  const note = ({ key, newValue }: { key: string; newValue: string }) => {
    // What is proved before the first step is another entry.
    if (key.startsWith('lab-x') && !key.endsWith('-proof')) all.push(newValue);
  };
  cdp.on('DOMStorage.domStorageItemAdded', note);
  cdp.on('DOMStorage.domStorageItemUpdated', note);
  return all;
}

for (const area of ['local', 'session']) {
  test(`values come back from ${area}Storage as texts`, async ({ context, page }) => {
    const experiment = await new Experiment(page).open('everything-becomes-a-string', `?area=${area}`);
    const kept = await added(page);
    await experiment.predict(/^Texts: of the object/);
    await experiment.run('Holds.');
    await expect.poll(() => kept.slice(0, 6)).toEqual(['7', 'true', 'null', 'undefined', '1,2', '[object Object]']);
    expect(kept).toContain('{"colour":"blue"}');
    const rows = experiment.lane(1, 'Browser').getByRole('row');
    await expect(rows.filter({ hasText: 'colour' })).toContainText('“[object Object]”');
    await leavesNoTrace(context, page);
  });
}

test('on a phone each row of a table with many columns is a list, and still a row', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const experiment = await new Experiment(page).open('everything-becomes-a-string');
  await experiment.choices.first().check();
  await experiment.run();
  const table = experiment.lane(1, 'Browser').getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveText(['Put in', 'Which was', 'Came back', 'Which is']);
  const row = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'undefined' }) });
  await expect(row.getByRole('cell')).toHaveText(['undefined', '“undefined”', 'string']);
  const places = await row.getByRole('cell').evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect()));
  expect(new Set(places.map(({ left }) => left)).size).toBe(1);
  expect(new Set(places.map(({ top }) => top)).size).toBe(places.length);
});
