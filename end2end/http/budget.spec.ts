// What a first visit costs, counted by the browser until nothing more is fetched: also what no file names.
import { expect, test } from '../support/fixtures';
import { openAwake } from '../support/pages';

/** In bytes: what a first visit may cost, which only ever falls, and what it is to cost one day (script/size has the same). */
const BUDGETS = [
  ['/', 190_000, 126_000],
  ['/login', 284_000, 150_000],
  ['/signup', 284_000, 150_000],
  ['/experiments/http-forgets', 485_000, 240_000],
] as const;

for (const [path, budget, goal] of BUDGETS) {
  test(`a first visit of ${path} stays within its budget`, async ({ context, page }, testInfo) => {
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

    await openAwake(page, path);
    await page.waitForLoadState('networkidle');
    await expect.poll(() => open.size).toBe(0);
    const figure = `A first visit of ${path} moves ${bytes.toLocaleString('en')} of at most ${budget.toLocaleString('en')} bytes; the goal is ${goal.toLocaleString('en')}.`;
    console.log(figure);
    testInfo.annotations.push({ type: 'size', description: figure });
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(budget);
  });
}
