// What a first visit costs, counted by the browser until nothing more is fetched: also what no file names.
import { expect, test } from '../support/fixtures';

/**
 * In bytes (script/size has the same): what a first visit may cost, which only ever falls, what it is to cost one day, and what it
 * may cost with the app, which most pages fetch when a control is touched: `null` for the
 * bench, which has it from the beginning, and for the catalogue, which has that of an experiment.
 */
const BUDGETS = [
  ['/', 190_000, 126_000, null],
  ['/login', 15_000, 150_000, 284_000],
  ['/signup', 15_000, 150_000, 284_000],
  ['/experiments', 18_000, 240_000, null],
  ['/experiments/http-forgets', 17_000, 240_000, 485_000],
] as const;
/** Less than this is no app. */
const APP = 100_000;

for (const [path, budget, goal, budgetWithApp] of BUDGETS) {
  test(`a first visit of ${path} stays within its budget, and so does the app when it is needed`, async ({ context, page }, testInfo) => {
    const devtools = await context.newCDPSession(page);
    const open = new Set<string>();
    let bytes = 0;
    devtools.on('Network.requestWillBeSent', ({ requestId }) => open.add(requestId));
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      open.delete(requestId);
      bytes += encodedDataLength;
    });
    devtools.on('Network.loadingFailed', ({ requestId }) => open.delete(requestId));
    await devtools.send('Network.enable');
    const tell = (figure: string) => {
      console.log(figure);
      testInfo.annotations.push({ type: 'size', description: figure });
    };
    const words = (count: number) => count.toLocaleString('en');

    await page.goto(path, { waitUntil: 'networkidle' });
    // The network may be quiet before the bench begins to fetch its app.
    if (path === '/') await expect.poll(() => bytes).toBeGreaterThan(APP);
    await expect.poll(() => open.size).toBe(0);
    tell(`A first visit of ${path} moves ${words(bytes)} of at most ${words(budget)} bytes; the goal is ${words(goal)}.`);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(budget);

    if (budgetWithApp === null) return;
    await page.getByRole('button', { name: 'Theme: system' }).click();
    await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
    await expect.poll(() => open.size).toBe(0);
    tell(`${path} with the app moves ${words(bytes)} of at most ${words(budgetWithApp)} bytes.`);
    expect(bytes).toBeGreaterThan(APP);
    expect(bytes).toBeLessThanOrEqual(budgetWithApp);
  });
}
