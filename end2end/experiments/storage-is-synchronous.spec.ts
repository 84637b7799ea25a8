// Storage is synchronous: held against a clock around setItem that is not the page's, and the debugger's databases.
import type { BrowserContext, Page } from '@playwright/test';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

/** Notes how long each large write holds the script; `extra` milliseconds are added, as on a slow machine. */
async function timed(page: Page, extra = 0): Promise<() => Promise<number[]>> {
  await page.addInitScript((extra) => {
    const held: number[] = [];
    Object.assign(window, { held });
    const setItem = Storage.prototype.setItem;
    Storage.prototype.setItem = function (name, value) {
      const begun = performance.now();
      setItem.call(this, name, value);
      if (!name.startsWith('lab-x')) return;
      while (performance.now() - begun < extra);
      held.push(performance.now() - begun);
    };
  }, extra);
  return () => page.evaluate(() => (window as unknown as { held: number[] }).held);
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
  const held = await timed(page, 400);
  const experiment = await new Experiment(page).open('storage-is-synchronous', '?units=1000000');
  for (let times = 1; times <= 2; times++) {
    await experiment.predict(/and for less long with IndexedDB/);
    await experiment.run('Holds.');
    await expect(experiment.verdict).toContainText('of the frames due could not be drawn');
    await expect(experiment.verdict).toContainText('You expected just that');
    const oracle = (await held()).slice(-3);
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

test('as it is here, the verdict follows from the times that were measured', async ({ context, page }) => {
  const held = await timed(page);
  const experiment = await new Experiment(page).open('storage-is-synchronous', '?area=session');
  await experiment.choices.first().check();
  await experiment.run();
  const [usual] = (await experiment.texts(1, 'Browser', '30 frames')).map(parseFloat);
  const longest = Math.max(...(await column(experiment, 2, 0)));
  const byDatabase = Math.max(...(await column(experiment, 3, 0)));
  expect(longest).toBeGreaterThan(Math.max(...(await held())) - 1);
  await expect(experiment.verdict).toContainText(`sessionStorage.setItem held the page for up to ${longest.toFixed(1)} ms`);
  const still = longest > usual! + 0.2;
  const outcome = still && byDatabase < longest - 0.2 ? 'Holds.' : /^Holds/;
  await expect(experiment.verdict.locator('strong')).toHaveText(outcome);
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
