// Storage is synchronous: held against a clock around setItem that is not the page's, and the debugger's databases.
import type { BrowserContext, Page } from '@playwright/test';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

type Held = { setItem: number[]; put: number[] };

/** Notes how long each large write holds the script, by a clock of the test's own; as on a slow machine each takes so many milliseconds more. */
async function timed(page: Page, extra: { setItem: number; put: number }): Promise<() => Promise<Held>> {
  await page.addInitScript((extra) => {
    const held: Held = { setItem: [], put: [] };
    Object.assign(window, { held });
    const { setItem } = Storage.prototype;
    const { put } = IDBObjectStore.prototype;
    const measure = <T>(by: keyof Held, write: () => T): T => {
      const begun = performance.now();
      const outcome = write();
      while (performance.now() - begun < extra[by]);
      held[by].push(performance.now() - begun);
      return outcome;
    };
    Storage.prototype.setItem = function (name, value) {
      if (!/^lab-x\w+-large$/.test(name)) return setItem.call(this, name, value);
      measure('setItem', () => setItem.call(this, name, value));
    };
    IDBObjectStore.prototype.put = function (value, key) {
      return measure('put', () => put.call(this, value, key));
    };
  }, extra);
  return () => page.evaluate(() => (window as unknown as { held: Held }).held);
}

async function leavesNoDatabase(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const { databaseNames } = await devtools.send('IndexedDB.requestDatabaseNames', { securityOrigin: new URL(page.url()).origin });
  await devtools.detach();
  expect(databaseNames).toEqual([]);
}

/** The times in a column of a table, in milliseconds. */
async function column(experiment: Experiment, step: number, index: number): Promise<number[]> {
  const rows = await experiment.lane(step, 'Browser').locator('tbody tr').all();
  return Promise.all(rows.map(async (row) => parseFloat((await row.getByRole('cell').nth(index).textContent())!)));
}

test('a large write holds up the frames for as long as setItem takes, and IndexedDB lets them go on', async ({ context, page }) => {
  const held = await timed(page, { setItem: 400, put: 0 });
  const experiment = await new Experiment(page).open('storage-is-synchronous', '?units=1000000');
  for (let times = 1; times <= 2; times++) {
    await experiment.predict(/and for less long with IndexedDB/);
    await experiment.run('Holds.');
    await expect(experiment.verdict).toContainText('of the frames due could not be drawn');
    await expect(experiment.verdict).toContainText('You expected just that');
    const oracle = (await held()).setItem.slice(-3);
    const [told, gaps] = [await column(experiment, 2, 0), await column(experiment, 2, 3)];
    expect(told).toHaveLength(3);
    for (const [index, milliseconds] of oracle.entries()) {
      expect(milliseconds).toBeGreaterThanOrEqual(400);
      // The page's clock stands around the oracle's.
      expect(told[index]).toBeGreaterThan(milliseconds - 1);
      expect(gaps[index]).toBeGreaterThan(milliseconds - 1);
    }
    await leavesNoTrace(context, page);
    await leavesNoDatabase(context, page);
    await experiment.reset();
  }
});

test('where IndexedDB holds the page no less, the verdict says so, with the times that another clock measured', async ({ context, page }) => {
  const held = await timed(page, { setItem: 200, put: 500 });
  const experiment = await new Experiment(page).open('storage-is-synchronous', '?area=session&units=100000');
  await experiment.predict(/and for less long with IndexedDB/);
  await experiment.run('Holds, with a catch.');
  await expect(experiment.verdict).toContainText('IndexedDB’s copying held the page no less');
  await expect(experiment.verdict).toContainText('You expected: ');
  const words = (await experiment.verdict.textContent())!;
  const told = /sessionStorage\.setItem held the page for up to ([\d.]+) ms; IndexedDB’s call for up to ([\d.]+) ms/.exec(words)!.slice(1).map(Number);
  const { setItem, put } = await held();
  for (const [times, said] of [[setItem, told[0]!], [put, told[1]!]] as const) {
    expect(times).toHaveLength(3);
    // The page's clock stands around the test's.
    expect(said).toBeGreaterThan(Math.max(...times) - 1);
    expect(said).toBeLessThan(Math.max(...times) + 100);
  }
  await leavesNoTrace(context, page);
  await leavesNoDatabase(context, page);
});

test('a small write is over before the next frame is due', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('storage-is-synchronous', '?units=1000');
  await experiment.predict(/^It goes on as ever/);
  await experiment.run('Holds, with a catch.');
  await expect(experiment.verdict).toContainText('That was over before the next frame was due');
  await leavesNoTrace(context, page);
});

test('what does not fit leaves a message that says what to do, and a clean state', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('storage-is-synchronous', '?units=5000000');
  await page.evaluate(() => localStorage.setItem('other', 'k'.repeat(1_000_000)));
  await experiment.choices.first().check();
  await experiment.button('Run it').click();
  await expect(experiment.trouble).toHaveText('There is no room for so many units. Choose fewer, or delete something, then run it again.');
  await leavesNoTrace(context, page);
  await leavesNoDatabase(context, page);
});

test('a page that is drawn once a second, as in a tab that is not in front, says what to do and judges nothing', async ({ context, page }) => {
  await page.addInitScript(() => {
    window.requestAnimationFrame = (drawn) => window.setTimeout(() => drawn(performance.now()), 1_000);
  });
  const experiment = await new Experiment(page).open('storage-is-synchronous');
  await experiment.choices.first().check();
  await experiment.button('Run it').click();
  await expect(experiment.trouble).toHaveText(
    'The browser draws hardly any frames of this page. Bring its tab to the front, then run it again.',
  );
  await expect(experiment.verdict).toBeEmpty();
  await leavesNoTrace(context, page);
  await leavesNoDatabase(context, page);
});
