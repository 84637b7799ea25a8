// What others change appears by itself within a second, and the page says who it was.
import type { Page } from '@playwright/test';
import { Bench } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { countMoves } from '../support/motion';
import { contents } from '../support/oracle';

/** How long a change may take to appear. */
const WITHIN = { timeout: 1_000 };

/** Changes a value of the session as another program would that has the same cookie. */
async function putFromElsewhere(page: Page, name: string, value: string): Promise<void> {
  const answer = await page.request.post('/api/values/put', { form: { name, value }, headers: { accept: 'application/json' } });
  expect(answer.status()).toBe(200);
}

for (const store of ['Cookies', 'localStorage', 'Server session'] as const) {
  test(`a change of ${store} in another tab is pointed out and told`, async ({ bench, context }) => {
    await bench.open();
    await bench.add(store, 'tea', 'green');
    await bench.shows(store, 'lab-tea', 'green');
    const other = await new Bench(await context.newPage()).open();
    await other.edit(store, 'lab-tea', 'black');
    await other.shows(store, 'lab-tea', 'black');

    await expect(bench.value(store, 'lab-tea')).toHaveText('black', WITHIN);
    await expect(bench.cell(store, 'lab-tea')).toHaveAttribute('data-changed', 'changed by another tab');
    await expect(bench.status).toHaveText(`Another tab changed lab-tea in ${store}.`);
    await expect(bench.cell(store, 'lab-tea')).not.toHaveAttribute('data-changed');
  });
}

test('a value that another program changes on the server appears and is told', { tag: '@databases' }, async ({ bench, page }) => {
  await bench.open();
  await bench.add('Server session', 'tea', 'green');
  await bench.shows('Server session', 'lab-tea', 'green');
  await bench.listening();

  await putFromElsewhere(page, 'lab-tea', 'black');
  await expect(bench.value('Server session', 'lab-tea')).toHaveText('black', WITHIN);
  await expect(bench.cell('Server session', 'lab-tea')).toHaveAttribute('data-changed', 'changed by the server');
  await expect(bench.status).toHaveText('The server changed lab-tea in Server session.');

  const gone = await page.request.post('/api/values/delete', { form: { name: 'lab-tea' }, headers: { accept: 'application/json' } });
  expect(gone.status()).toBe(200);
  await expect(bench.row('lab-tea')).toHaveCount(0, WITHIN);
  await expect(bench.status).toHaveText('The server deleted lab-tea from Server session.');
});

test('a session that ends elsewhere is gone from the page at once', { tag: '@databases' }, async ({ bench, page }) => {
  await bench.open();
  await bench.add('Server session', 'tea', 'green');
  await bench.listening();
  const menu = await bench.menu('Server session');
  await expect(menu).toContainText('anonymous');
  await page.request.post('/api/logout', { form: {}, headers: { accept: 'application/json' } });
  await expect(menu).toContainText('No session yet', WITHIN);
  await bench.lacks('Server session', 'lab-tea');
});

test('the page calls a server again that was away, and asks what it missed', async ({ bench, launch, page, tolerate }) => {
  tolerate(/net::ERR_/);
  const server = await launch();
  await bench.open(server.url);
  await bench.add('Server session', 'tea', 'green');
  await bench.listening();

  await server.kill();
  await expect(page.getByRole('main')).toContainText('Reconnecting to the server…');
  await server.start();
  // Before the page calls again: nobody can tell it of this change.
  const form = { name: 'lab-tea', value: 'black' };
  await page.request.post(`${server.url}/api/values/put`, { form, headers: { accept: 'application/json' } });
  await bench.listening();
  await bench.shows('Server session', 'lab-tea', 'black');
});

test('the server is listened to only while there is a session and the page is seen', async ({ bench, page }) => {
  const streams: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/lab/events')) streams.push('opened');
  });
  page.on('requestfailed', (request) => {
    if (request.url().endsWith('/lab/events')) streams.push('closed');
  });
  const show = (visible: boolean) =>
    page.evaluate((visible) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: !visible });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, visible);

  await bench.open();
  await bench.add('localStorage', 'tea', 'green');
  await bench.shows('localStorage', 'lab-tea', 'green');
  expect(streams).toEqual([]);
  await bench.add('Server session', 'tea', 'green');
  await bench.listening();
  expect(streams).toEqual(['opened']);
  await show(false);
  await expect.poll(() => streams).toEqual(['opened', 'closed']);
  await show(true);
  await bench.listening();
  expect(streams).toEqual(['opened', 'closed', 'opened']);
});

test('a cookie that expires leaves the page by itself', async ({ bench, context, page }) => {
  await bench.open();
  await page.evaluate(() => void (document.cookie = 'lab-short=1; Path=/; Max-Age=2'));
  await bench.shows('Cookies', 'lab-short', '1');
  await bench.lacks('Cookies', 'lab-short');
  expect(await context.cookies()).toEqual([]);
  await expect(bench.status).toHaveText('lab-short in Cookies has expired.');
});

test('what a script of the page itself puts into web storage appears too', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(() => localStorage.setItem('lab-mine', '1'));
  await bench.shows('localStorage', 'lab-mine', '1');
  await page.evaluate(() => sessionStorage.setItem('lab-mine', '1'));
  await bench.shows('sessionStorage', 'lab-mine', '1');
});

test('a frame of the same tab changes sessionStorage', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    frame.contentWindow!.sessionStorage.setItem('lab-framed', '1');
  });
  await bench.shows('sessionStorage', 'lab-framed', '1');
});

test('a change that is seen before its event is told as the other tab’s all the same', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(async () => {
    localStorage.setItem('lab-early', '1');
    while (!document.querySelector('[data-changed="changed"]')) await new Promise(requestAnimationFrame);
    dispatchEvent(new StorageEvent('storage', { key: 'lab-early', storageArea: localStorage }));
  });
  await expect(bench.cell('localStorage', 'lab-early')).toHaveAttribute('data-changed', 'changed by another tab');
  await expect(bench.status).toHaveText('Another tab put lab-early in localStorage.');
});

test('a burst from another tab is told together and leaves both alike', async ({ bench, context, page }) => {
  await bench.open();
  const other = await context.newPage();
  await other.goto('/healthz');
  await other.evaluate(() => {
    for (let at = 0; at < 500; at++) localStorage.setItem(`lab-${at}`, String(at));
  });
  await bench.counts(500);
  await expect(bench.status).toHaveText(/^Another tab changed \d+ entries\.$/);
  expect(Object.keys(await contents(page, 'localStorage'))).toHaveLength(500);
});

test('what has changed moves, but not for those who ask for less motion', async ({ bench, context, page }) => {
  const changed = bench.cell('localStorage', 'lab-tea').and(page.locator('[data-changed="changed by another tab"]'));
  await bench.open();
  const other = await new Bench(await context.newPage()).open();
  const moved = await countMoves(page);
  await other.add('localStorage', 'tea', 'green');
  await expect(changed).toContainText('green');
  await expect.poll(moved).toBeGreaterThan(0);
  await expect(changed).toHaveCount(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const before = await moved();
  await other.edit('localStorage', 'lab-tea', 'black');
  await expect(changed).toContainText('black');
  await expect(changed).toHaveCount(0);
  expect(await moved()).toBe(before);
});
