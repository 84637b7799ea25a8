// The longest task of the page's main thread in what a visitor does with ten thousand entries and a value of five million
// characters, as Chromium's own trace has it.
import type { Page } from '@playwright/test';
import { fill } from '../support/bench';
import { expect, test } from '../support/fixtures';

const MANY = 10_000;
const ROUNDS = 5;

type TraceEvent = { name: string; ph: string; pid: number; tid: number; dur?: number; args: { name?: string } };

/** Milliseconds of the longest task while something is done. */
async function longestTask(page: Page, act: () => Promise<unknown>): Promise<number> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && main.has(`${pid} ${tid}`));
  expect(tasks.length).toBeGreaterThan(0);
  return Math.max(...tasks.map(({ dur }) => dur ?? 0)) / 1_000;
}

test('what a visitor does with ten thousand entries', async ({ bench, page }) => {
  const times = new Map<string, number[]>();
  const measure = async (what: string, act: () => Promise<unknown>) =>
    times.set(what, [...(times.get(what) ?? []), await longestTask(page, act)]);
  const grid = bench.grid('localStorage');
  const sorted = (by: string) => bench.region('localStorage').getByRole('combobox', { name: 'Sort by' }).selectOption(by);

  await bench.open();
  await fill(page, 'localStorage', MANY);
  for (let round = 0; round < ROUNDS; round++) {
    await measure('opening the page', async () => {
      await bench.open();
      await expect(grid).toHaveAttribute('aria-rowcount', String(MANY + 1));
    });
    await measure('filtering, letter by letter', async () => {
      await bench.filter.pressSequentially('value 12', { delay: 150 });
      await expect(bench.status).toContainText('of 10,000 entries');
    });
    await bench.filter.fill('');
    await expect(grid).toHaveAttribute('aria-rowcount', String(MANY + 1));
    await measure('sorting by value', async () => {
      await sorted('Value');
      await expect(bench.names('localStorage').first()).toHaveText('lab-00000');
      await bench.region('localStorage').getByRole('button', { name: 'Ascending' }).click();
      await expect(bench.row('localStorage', 'lab-00000')).toHaveCount(0);
    });
    await bench.region('localStorage').getByRole('button', { name: 'Descending' }).click();
    await sorted("Store's order");
    await expect(bench.row('localStorage', 'lab-00000')).toBeVisible();
    await measure('scrolling', async () => {
      await grid.hover();
      for (let turns = 0; turns < 20; turns++) await page.mouse.wheel(0, 1_500);
      await expect(bench.row('localStorage', 'lab-00000').and(page.locator('[aria-rowindex="2"]'))).not.toBeInViewport();
    });
    await measure('typing into the deposit form', () => bench.valueField.pressSequentially('a value of some length'));
    await bench.valueField.fill('');
    await measure('selecting all shown', async () => {
      await bench.region('localStorage').getByRole('checkbox', { name: 'Select all shown' }).check();
      await expect(bench.region('localStorage').getByRole('button', { name: /^Delete 10,00\d selected$/ })).toBeVisible();
    });
    await bench.region('localStorage').getByRole('checkbox', { name: 'Select all shown' }).uncheck();
  }

  await page.evaluate(() => {
    localStorage.clear();
    localStorage.setItem('lab-long', 'x'.repeat(5_000_000));
  });
  for (let round = 0; round < ROUNDS; round++) {
    await measure('opening the page with 5 million characters', async () => {
      await bench.open();
      await expect(bench.row('localStorage', 'lab-long')).toBeVisible();
    });
    await measure('opening a value of 5 million characters', async () => {
      await expect(await bench.inspect('localStorage', 'lab-long')).toContainText('10,000 of 5,000,000 bytes are shown.');
    });
    await page.keyboard.press('Escape');
  }

  const median = (all: number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
  console.log(`\n${'longest task in ms'.padEnd(46)} median    most`);
  for (const [what, all] of times) {
    console.log(`${what.padEnd(46)} ${median(all).toFixed(1).padStart(6)}  ${Math.max(...all).toFixed(1).padStart(6)}`);
  }
});
