// A page that is being left while its program comes: some engines stop the fetch there and then.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bench } from '../support/engine/bench';
import { expect, ONCE, test } from '../support/engine/fixtures';

/** Has the program fetched, and leads elsewhere at once. */
function fetchAndLeave(address: string): void {
  document.querySelector('main button')!.dispatchEvent(new Event('focusin', { bubbles: true }));
  location.href = address;
}

test('a page that is left while its program comes says nothing of it', ONCE, async ({ tab }) => {
  for (let visit = 0; visit < 3; visit += 1) {
    await tab.open('/');
    await tab.page.evaluate(fetchAndLeave, '/login');
  }
  await tab.open('/');
  expect(await tab.broken.texts()).toEqual([]);
});

test('a page that stays after all, for the link led to no page, has its program', ONCE, async ({ tab }) => {
  let isAsked = false;
  const elsewhere = createServer((_, response) => {
    isAsked = true;
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  try {
    const bench = new Bench(tab);
    await tab.open('/');
    await tab.page.evaluate(fetchAndLeave, `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    await expect.poll(() => isAsked).toBe(true);
    await bench.awake();
    await bench.put('colour', 'blue');
    await bench.shows('localStorage', 'lab-colour', 'blue');
    expect(await tab.broken.texts()).toEqual([]);
  } finally {
    elsewhere.close();
  }
});
