// What a first visit costs, counted by the browser.
import { Bench } from '../support/bench';
import { expect, test } from '../support/fixtures';

const BUDGET_BYTES = 346_000;

test('a first visit of the bench stays within its budget', async ({ context, page }, testInfo) => {
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

  await new Bench(page).open();
  await expect.poll(() => open.size).toBe(0);
  const figure = `A first visit of / moves ${bytes.toLocaleString('en')} of at most ${BUDGET_BYTES.toLocaleString('en')} bytes.`;
  console.log(figure);
  testInfo.annotations.push({ type: 'size', description: figure });
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
});
