// The longest task of the page's main thread in what a visitor does with ten thousand names in several stores and a value of five million
// characters, as Chromium's own trace has it.
import type { Page } from '@playwright/test';
import { fill } from '../support/bench';
import { expect, test } from '../support/fixtures';

const MANY = 10_000;
const ROUNDS = 10;

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

test('what a visitor does with ten thousand names', async ({ bench, page }) => {
  const times = new Map<string, number[]>();
  const measure = async (what: string, act: () => Promise<unknown>) =>
    times.set(what, [...(times.get(what) ?? []), await longestTask(page, act)]);

  await bench.open();
  await fill(page, MANY);
  for (let round = 0; round < ROUNDS; round++) {
    await measure('opening the page', async () => {
      await bench.open();
      await bench.counts(MANY, 30_000);
    });
    await measure('filtering, letter by letter', async () => {
      await bench.filter.pressSequentially('value 12', { delay: 150 });
      await expect(bench.status).toContainText('of 10,000 names');
    });
    await bench.filter.fill('');
    await bench.counts(MANY);
    await measure('sorting by value', async () => {
      await bench.sortBy('Value');
      await expect(bench.names().nth(1)).not.toHaveText('lab-00001');
      await bench.turn();
      await expect(bench.row('lab-00000')).toHaveCount(0);
    });
    await bench.turn();
    await bench.sortBy('Name');
    await expect(bench.row('lab-00001')).toBeVisible();
    await measure('scrolling', async () => {
      await bench.rowHeader('lab-00001').hover();
      for (let turns = 0; turns < 20; turns++) await page.mouse.wheel(0, 1_500);
      await expect(bench.row('lab-00001')).not.toBeInViewport();
    });
    await measure('typing into the deposit form', () => bench.valueField.pressSequentially('a value of some length'));
    await bench.valueField.fill('');
    await measure('selecting all shown', async () => {
      await bench.selectAll.check();
      await expect(page.getByRole('button', { name: /^Delete 10,00\d selected$/ })).toBeVisible();
    });
    await bench.selectAll.uncheck();
  }

  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
    localStorage.setItem('lab-long', 'x'.repeat(5_000_000));
  });
  for (let round = 0; round < ROUNDS; round++) {
    await measure('opening the page with 5 million characters', async () => {
      await bench.open();
      await expect(bench.row('lab-long')).toBeVisible();
    });
    await measure('opening a value of 5 million characters', async () => {
      await expect(await bench.inspect('lab-long', 'localStorage')).toContainText('10,000 of 5,000,000 bytes are shown.');
    });
    await page.keyboard.press('Escape');
  }

  const median = (all: number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
  console.log(`\n${'longest task in ms'.padEnd(46)} median    most`);
  for (const [what, all] of times) {
    console.log(`${what.padEnd(46)} ${median(all).toFixed(1).padStart(6)}  ${Math.max(...all).toFixed(1).padStart(6)}`);
  }
});
