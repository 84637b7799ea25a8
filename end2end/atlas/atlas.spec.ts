// The atlas: what was measured elsewhere, and the visitor's own browser beside it.
import { readFile } from 'node:fs/promises';
import { keep, named, reference, SHIPPED, type Column } from '../support/atlas';
import { Experiment } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { openAwake } from '../support/pages';
import { Matrix } from '../support/survival';
import type { Page } from '@playwright/test';

const row = (page: Page, title: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name: title, exact: true }) });
const kept = async (page: Page) => JSON.parse((await contents(page, 'localStorage'))['lab-atlas']!) as Column;

test('what an experiment came to here stands in the first column, with its evidence', async ({ page }) => {
  await openAwake(page, '/atlas');
  const own = page.getByRole('region', { name: 'Your browser' });
  await expect(own).toContainText('Nothing is kept of your own browser yet.');
  await expect(own.getByRole('button')).toHaveCount(0);
  await row(page, 'HTTP forgets').getByRole('link', { name: /^Try it/ }).click();

  const experiment = new Experiment(page);
  await experiment.choices.first().check();
  await experiment.run('Holds.');
  const words = (await experiment.verdict.locator('p').first().textContent())!.replace('Holds.', '').trim();
  const column = await kept(page);
  expect(column).toMatchObject({ engine: 'Blink', scheme: 'http', made_by: 'visitor', matrix: {} });
  expect(column.experiments).toEqual({ 'http-forgets': expect.objectContaining({ outcome: 'holds', answer: 1, words }) });
  expect(new Date(column.measured).getTime()).toBeLessThanOrEqual(Date.now());

  await page.getByRole('link', { name: 'In other browsers' }).click();
  await expect(row(page, 'HTTP forgets')).toBeInViewport();
  const cell = row(page, 'HTTP forgets').getByRole('cell').first();
  await expect(cell.getByText(words)).toBeHidden();
  await cell.locator('summary', { hasText: 'Holds' }).click();
  await expect(cell.getByText(words)).toBeVisible();
  await expect(cell).toContainText('over HTTP, without TLS');
  await expect(own).toContainText('1 experiment and 0 cells of the matrix');
});

test('what differs from the measured browser of the same engine is marked, and can be all that is shown', async ({ page }) => {
  const measured = reference();
  const answer = measured.experiments['http-forgets']!.answer === 2 ? 1 : 2;
  await keep(page, { slug: 'http-forgets', outcome: 'does_not_hold', answer });
  await openAwake(page, '/atlas');
  const mine = row(page, 'HTTP forgets');
  await expect(mine.getByRole('cell').first()).toContainText(`differs from ${measured.browser} ${measured.version}`);

  const rows = page.locator('tbody tr[class="same"], tbody tr[class="differ"]');
  const all = await rows.count();
  const differing = page.locator('tbody tr[class="differ"]');
  await page.getByRole('checkbox', { name: 'Only what differs' }).check();
  await expect(page.getByRole('status').filter({ hasText: `${await differing.count()} of ${all} rows differ.` })).toBeVisible();
  await expect(page.locator('tbody tr[class="same"]:visible')).toHaveCount(0);
  await expect(mine).toBeVisible();
  await page.getByRole('checkbox', { name: 'Only what differs' }).uncheck();
  await expect(rows.locator('visible=true')).toHaveCount(all);
});

test('rows in which the measured browsers differ say so', async ({ page }) => {
  await openAwake(page, '/atlas');
  // What was not measured is no difference.
  const measured = (slug: string) => SHIPPED.flatMap(({ experiments: { [slug]: found } }) => found ?? []);
  const told = (slug: string) => new Set(measured(slug).map(({ outcome, answer }) => `${outcome} ${answer}`));
  for (const slug of Object.keys(SHIPPED[0]!.experiments)) {
    const marks = page.locator(`tr#${slug}`).getByRole('rowheader').getByText('≠ differ');
    await expect(marks).toHaveCount(told(slug).size > 1 ? 1 : 0);
  }
});

test('an event of the matrix is kept, also one that clears what was kept', async ({ bench, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.start('request with credentials');
  await expect(matrix.cell('request with credentials', 'localStorage')).toBeVisible();
  expect((await kept(page)).matrix['request_with']).toMatchObject({ local_storage: { outcome: 'did_not_reach' }, session_cookie: { outcome: 'reached' } });
  await matrix.start('Clear-Site-Data: storage');
  await expect(matrix.cell('Clear-Site-Data: storage', 'localStorage')).toBeVisible();
  expect(Object.keys((await kept(page)).matrix).sort()).toEqual(['clear_storage', 'request_with']);
  await page.goto('/atlas');
  await expect(page.getByRole('region', { name: 'Your browser' })).toContainText('10 cells of the matrix');
});

test('a column is exported as it is kept, and forgotten', async ({ page }) => {
  await keep(page, { slug: 'http-forgets', outcome: 'holds', answer: 1 });
  await openAwake(page, '/atlas');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export my column' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('storage-lab-atlas.json');
  expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toEqual({ schema: 1, columns: [await kept(page)] });
  await page.getByRole('button', { name: 'Forget my column' }).click();
  await expect(page.getByRole('region', { name: 'Your browser' })).toContainText('Your column is forgotten.');
  expect(await contents(page, 'localStorage')).not.toHaveProperty('lab-atlas');
  await expect(row(page, 'HTTP forgets').getByRole('link', { name: /^Try it/ })).toBeVisible();
});

test('"Reset the lab" removes the column', async ({ bench, page }) => {
  await keep(page, { slug: 'http-forgets', outcome: 'holds', answer: 1 });
  await bench.open();
  expect(await contents(page, 'localStorage')).toHaveProperty('lab-atlas');
  await bench.button('Reset the lab').click();
  await page.getByRole('dialog', { name: 'Reset the lab' }).getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(bench.status).toContainText('Reset the lab: removed');
  expect(await contents(page, 'localStorage')).not.toHaveProperty('lab-atlas');
});

test('a browser that denies localStorage shows the others and keeps nothing', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('denied', 'SecurityError'); } });
  });
  await page.goto('/atlas');
  await expect(page.getByRole('checkbox', { name: 'Only what differs' })).toBeEnabled();
  await expect(page.getByRole('region', { name: 'Your browser' })).toContainText('Nothing is kept of your own browser yet.');
  await expect(page.getByRole('columnheader', { name: named(SHIPPED[0]!) }).first()).toBeVisible();
});

test('what cannot be read is as if nothing was kept', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('lab-atlas', '{"browser":1}'));
  await page.goto('/atlas');
  await expect(page.getByRole('region', { name: 'Your browser' })).toContainText('Nothing is kept of your own browser yet.');
});

test('a server that does not answer is told in words', async ({ page, tolerate }) => {
  tolerate(/net::ERR_FAILED/);
  await page.route('**/api/atlas**', (route) => route.abort());
  await openAwake(page, '/experiments');
  await page.getByRole('link', { name: 'What was measured in other browsers' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('The server did not answer.');
});
