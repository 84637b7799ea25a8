// The dock: the bench over the stores of an app's page, beside what the browser itself and the page say that they hold.
import axe from 'axe-core';
import type { Frame, Page } from '@playwright/test';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect, SOME_VIEWS } from '../support/accessibility';
import { Bench } from '../support/bench';
import { expect, test as base } from '../support/fixtures';
import { CHEAP_HASHING, freePort } from '../support/server';

type App = {
  /** Where the app is through the port, alone, and where the lab is. */
  through: string;
  alone: string;
  lab: string;
  /** The cookies of the latest request to this path, as the app received them. */
  received: (path: string) => string;
  /** Answers of the app's by path, beside its plain page. */
  answers: Map<string, (request: IncomingMessage, response: ServerResponse) => void>;
};

const PLAIN = (title: string, head = '') =>
  `<!DOCTYPE html><html lang="en"><head><link rel="icon" href="data:,"><title>${title}</title>${head}</head><body><main><h1>${title}</h1><p>An app.</p></main></body></html>`;

const test = base.extend<{ app: App }>({
  app: async ({ launch }, use) => {
    const received = new Map<string, string>();
    const answers: App['answers'] = new Map();
    const server = createServer((request, response) => {
      const path = request.url!.split('?')[0]!;
      received.set(path, request.headers.cookie ?? '');
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      const answer = answers.get(path);
      if (answer) return answer(request, response);
      response.end(PLAIN('The app'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const alone = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const through = `http://127.0.0.1:${await freePort()}`;
    const lab = await launch([...CHEAP_HASHING, '--app', alone, '--app-addr', new URL(through).host]);
    await use({ through, alone, lab: lab.url, received: (path) => received.get(path) ?? '', answers });
    server.closeAllConnections();
    server.close();
  },
});

const tab = (page: Page) => page.getByRole('button', { name: 'Storage Lab', exact: true });
const panel = (page: Page) => page.getByRole('region', { name: 'Storage Lab', exact: true });

/** The frame of the bench, once it shows the page's stores. */
async function docked(page: Page): Promise<{ bench: Bench<Frame>; frame: Frame }> {
  const element = await panel(page).getByTitle('The bench of this page').elementHandle();
  const frame = (await element!.contentFrame())!;
  const bench = new Bench(frame);
  await expect(bench.grid).toBeVisible({ timeout: 15_000 });
  return { bench, frame };
}

async function open(page: Page): Promise<Bench<Frame>> {
  await tab(page).click();
  return (await docked(page)).bench;
}

test('the table shows what the stores of the page hold, and what only requests carry', async ({ app, page }) => {
  app.answers.set('/', (_, response) => {
    response.setHeader('Set-Cookie', ['sid=secret; HttpOnly; Path=/', 'seen=1; Path=/']);
    response.end(PLAIN('The app'));
  });
  await page.goto(app.through);
  await page.evaluate(async () => {
    sessionStorage.setItem('tab', 'of this tab');
    localStorage.setItem('theme', 'dark');
    localStorage.setItem('odd \ud83d', '\udc00');
    const request = indexedDB.open('shop', 3);
    await new Promise((resolve) => {
      request.onupgradeneeded = () => request.result.createObjectStore('carts').put({ items: [1, 2] }, 'mine');
      request.onsuccess = resolve;
    });
    request.result.close();
    const cache = await caches.open('v1');
    await cache.put('/page', new Response('<p>cached</p>', { headers: { 'content-type': 'text/html' } }));
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getDirectoryHandle('notes', { create: true })).getFileHandle('a.txt', { create: true });
    const stream = await file.createWritable();
    await stream.write('in a file');
    await stream.close();
  });
  const bench = await open(page);
  await bench.shows('sessionStorage', 'tab', 'of this tab');
  // What was there before is no change.
  await expect(bench.grid.locator('[data-changed]')).toHaveCount(0);
  await bench.shows('localStorage', 'theme', 'dark');
  await bench.shows('Cookies', 'seen', '1');
  await expect(bench.cell('Cookies', 'seen')).toContainText('scripts and server');
  await bench.shows('IndexedDB', 'shop/carts/mine', '{"items":[1,2]}');
  await bench.shows('Cache Storage', 'v1//page', '<p>cached</p>');
  await bench.shows('OPFS', 'notes/a.txt', 'in a file');
  await expect(bench.rowHeader('odd \\ud83d')).toBeVisible();
  // A script of the page never learns what HttpOnly keeps from it; that it is there, the port sees.
  await expect(bench.cell('Cookies', 'sid')).toContainText('the server saw this cookie; scripts here cannot');
  await expect(bench.grid).not.toContainText('secret');
});

test('the dock is the bench alone, and asks nobody who is logged in at the lab', async ({ app, page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(app.through);
  await tab(page).click();
  const { bench, frame } = await docked(page);
  await expect(frame.locator('body > main')).toHaveCount(1);
  await expect(frame.locator('body > :is(header, nav, footer, .skip)')).toHaveCount(0);
  // Other tabs of the lab tell so that somebody has logged in or out.
  await frame.evaluate(() => new BroadcastChannel('lab-changes').postMessage(true));
  await page.evaluate(() => localStorage.setItem('after', '1'));
  await bench.shows('localStorage', 'after', '1');
  expect(asked).toContain('/app/observation');
  expect(asked).not.toContain('/api/current-user');
});

test('on a phone the panel shows all stores without scrolling sideways', async ({ app, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(app.through);
  await page.evaluate(async () => {
    localStorage.setItem('theme', JSON.stringify({ name: 'dark', contrast: 'more', accent: 'a long value that does not fit' }));
    await caches.open('v1').then((cache) => cache.put('/page', new Response('cached', { headers: { 'content-type': 'text/plain' } })));
    const file = await (await navigator.storage.getDirectory()).getFileHandle('a.txt', { create: true });
    const stream = await file.createWritable();
    await stream.write('in a file');
    await stream.close();
  });
  await tab(page).click();
  const { bench, frame } = await docked(page);
  await bench.shows('OPFS', 'a.txt', 'in a file');
  await bench.shows('Cache Storage', 'v1//page', 'cached');
  const wider = await frame.evaluate(() => [document.documentElement, ...document.querySelectorAll('.rows')].filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.className));
  expect(wider).toEqual([]);
});

test('what is edited, deleted and brought back here is so in the page', async ({ app, context, page }) => {
  await page.goto(app.through);
  await page.evaluate(async () => {
    localStorage.setItem('theme', 'dark');
    sessionStorage.setItem('tab', '1');
    document.cookie = 'seen=1; path=/; max-age=600';
    const request = indexedDB.open('shop', 1);
    await new Promise((resolve) => {
      request.onupgradeneeded = () => request.result.createObjectStore('carts').put({ items: [1, 2] }, 'mine');
      request.onsuccess = resolve;
    });
    request.result.close();
  });
  const bench = await open(page);
  const local = () => page.evaluate(() => localStorage.getItem('theme'));
  const cart = () =>
    page.evaluate(async () => {
      const request = indexedDB.open('shop');
      await new Promise((resolve) => (request.onsuccess = resolve));
      const values = request.result.transaction('carts').objectStore('carts').get('mine');
      await new Promise((resolve) => (values.onsuccess = resolve));
      request.result.close();
      return values.result as unknown;
    });
  await bench.edit('localStorage', 'theme', 'light');
  await expect.poll(local).toBe('light');
  await bench.button('Undo').click();
  await expect.poll(local).toBe('dark');

  await bench.delete('sessionStorage', 'tab');
  await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBe(0);
  await bench.button('Undo').click();
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem('tab'))).toBe('1');

  await bench.edit('IndexedDB', 'shop/carts/mine', '{"items":[3]}');
  await expect.poll(cart).toEqual({ items: [3] });
  await bench.edit('IndexedDB', 'shop/carts/mine', 'no JSON');
  await expect(bench.cell('IndexedDB', 'shop/carts/mine')).toContainText('The app keeps JSON there, and this is none.');
  await bench.cell('IndexedDB', 'shop/carts/mine').getByRole('button', { name: 'Cancel' }).click();
  await bench.delete('IndexedDB', 'shop/carts/mine');
  await expect.poll(cart).toBeUndefined();
  await bench.button('Undo').click();
  await expect.poll(cart).toEqual({ items: [3] });

  const cookie = async () => (await context.cookies(app.through)).find(({ name }) => name === 'seen');
  await bench.edit('Cookies', 'seen', '2');
  await expect.poll(async () => (await cookie())?.value).toBe('2');
  await bench.delete('Cookies', 'seen');
  await expect.poll(cookie).toBeUndefined();
  await bench.button('Undo').click();
  await expect.poll(async () => (await cookie())?.value).toBe('2');
});

test('what is no text is brought back as it was, and what would take another entry’s place is refused', async ({ app, page }) => {
  await page.goto(app.through);
  const LARGE = 1_200_000;
  await page.evaluate(async (large) => {
    const request = indexedDB.open('shop', 1);
    await new Promise((resolve) => {
      request.onupgradeneeded = () => {
        const carts = request.result.createObjectStore('carts');
        carts.put(new Blob(['cart'], { type: 'image/png' }), 'picture');
        carts.put({ n: Infinity }, 5);
        request.result.createObjectStore('users', { keyPath: 'id' }).put({ id: 1, name: 'Ada' });
      };
      request.onsuccess = resolve;
    });
    request.result.close();
    const cache = await caches.open('v1');
    await cache.put('/picture', new Response(new Uint8Array([137, 80, 78, 71, 255]), { headers: { 'content-type': 'image/png' } }));
    const stream = await (await (await navigator.storage.getDirectory()).getFileHandle('large.bin', { create: true })).createWritable();
    await stream.write(new Uint8Array(large).fill(7));
    await stream.close();
  }, LARGE);
  const bench = await open(page);
  const stored = () =>
    page.evaluate(async () => {
      const request = indexedDB.open('shop');
      await new Promise((resolve) => (request.onsuccess = resolve));
      const of = async (store: string, key: IDBValidKey) => {
        const found = request.result.transaction(store).objectStore(store).get(key);
        await new Promise((resolve) => (found.onsuccess = resolve));
        return found.result;
      };
      const picture = await of('carts', 'picture');
      const values = [picture instanceof Blob && (await picture.text()), (await of('carts', 5))?.n, (await of('users', 1))?.name, (await of('users', 2))?.name];
      request.result.close();
      return values;
    });
  await expect(bench.cell('IndexedDB', 'shop/carts/5 (number)')).toContainText('not text');
  for (const name of ['shop/carts/picture', 'shop/carts/5 (number)']) {
    await bench.edit('IndexedDB', name, 'other');
    await expect(bench.cell('IndexedDB', name)).toContainText('What is there is no text');
    await bench.cell('IndexedDB', name).getByRole('button', { name: 'Cancel' }).click();
    await bench.delete('IndexedDB', name);
    await expect(bench.row(name)).toHaveCount(0);
    await bench.button('Undo').click();
    await expect(bench.row(name)).toHaveCount(1);
  }
  await bench.edit('IndexedDB', 'shop/users/1 (number)', '{"id":2,"name":"Eve"}');
  await expect(bench.cell('IndexedDB', 'shop/users/1 (number)')).toContainText('The entry’s key is within it'.replace('’', "'"));
  expect(await stored()).toEqual(['cart', Infinity, 'Ada', undefined]);
  await bench.cell('IndexedDB', 'shop/users/1 (number)').getByRole('button', { name: 'Cancel' }).click();

  const picture = () =>
    page.evaluate(async () => {
      const found = await (await caches.open('v1')).match('/picture');
      return found && [...new Uint8Array(await found.arrayBuffer())];
    });
  await bench.delete('Cache Storage', 'v1//picture');
  await expect.poll(picture).toBeUndefined();
  await bench.button('Undo').click();
  await expect.poll(picture).toEqual([137, 80, 78, 71, 255]);

  const size = () =>
    page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      try {
        const bytes = new Uint8Array(await (await (await folder.getFileHandle('large.bin')).getFile()).arrayBuffer());
        return [bytes.length, bytes[0], bytes.at(-1)];
      } catch (error) {
        // It may go at any of these steps.
        if ((error as Error).name === 'NotFoundError') return null;
        throw error;
      }
    });
  await bench.delete('OPFS', 'large.bin');
  await expect.poll(size).toBeNull();
  await bench.button('Undo').click();
  await expect.poll(size).toEqual([LARGE, 7, 7]);
});

test('a cookie is edited and deleted under its own path', async ({ app, context, page }) => {
  await page.goto(`${app.through}/admin/users`);
  await page.evaluate(() => {
    document.cookie = 'deep=1; path=/admin';
    document.cookie = 'wide=1; path=/';
  });
  const bench = await open(page);
  await bench.edit('Cookies', 'deep', '2');
  const deep = async () => (await context.cookies(`${app.through}/admin/users`)).filter(({ name }) => name === 'deep').map(({ path, value }) => [path, value]);
  await expect.poll(deep).toEqual([['/admin', '2']]);
  await bench.delete('Cookies', 'deep');
  await expect.poll(deep).toEqual([]);
});

test('an HttpOnly cookie is deleted, and the app does not get it any more', async ({ app, context, page }) => {
  app.answers.set('/in', (_, response) => {
    response.setHeader('Set-Cookie', 'sid=secret; HttpOnly; Path=/');
    response.end(PLAIN('The app'));
  });
  await page.goto(`${app.through}/in`);
  const bench = await open(page);
  await bench.delete('Cookies', 'sid');
  await expect(bench.row('sid')).toHaveCount(0);
  expect(await context.cookies(app.through)).toEqual([]);
  await page.goto(`${app.through}/after`);
  expect(app.received('/after')).toBe('');
});

test('what the app does is told as the app’s, and what the bench does as the bench’s', async ({ app, page }) => {
  await page.goto(app.through);
  const bench = await open(page);
  await bench.tool('Journal');
  await page.evaluate(() => localStorage.setItem('cart', '1'));
  await expect(bench.journalRow('localStorage', 'cart')).toContainText('the app');
  await page.evaluate(() => (document.cookie = 'crumb=1; path=/'));
  await expect(bench.journalRow('Cookies', 'crumb')).toContainText('the app');
  await bench.edit('localStorage', 'cart', '2');
  await expect(bench.journalRow('localStorage', 'cart')).toContainText('this bench');
  expect(await page.evaluate(() => localStorage.getItem('cart'))).toBe('2');
});

test('a page that stands still for some seconds loses nothing of what is done meanwhile', async ({ app, page }) => {
  // Pages that ask for it have a process of their own, so that the bench goes on where the page stands still.
  app.answers.set('/', (_, response) => {
    response.setHeader('Origin-Agent-Cluster', '?1');
    response.end(PLAIN('The app'));
  });
  await page.goto(app.through);
  await page.evaluate(() => {
    localStorage.setItem('theme', 'dark');
    localStorage.setItem('draft', '1');
  });
  await tab(page).click();
  const { bench, frame } = await docked(page);
  await (await bench.openEdit('localStorage', 'theme')).fill('light');
  const save = await bench.cell('localStorage', 'theme').getByRole('button', { name: 'Save' }).elementHandle();
  let hasBegun = false;
  app.answers.set('/still', (_, response) => {
    hasBegun = true;
    response.writeHead(204).end();
  });
  const stillFor = (milliseconds: number) =>
    page.evaluate((until) => {
      localStorage.setItem('cart', '1');
      navigator.sendBeacon('/still');
      while (Date.now() < until);
    }, Date.now() + milliseconds);
  const still = stillFor(6_000);
  let isStill = true;
  void still.then(() => (isStill = false));
  await expect.poll(() => hasBegun).toBe(true);
  // By its script: a pointer goes by way of the page that stands still.
  await save!.evaluate((button: HTMLElement) => button.click());
  await expect(frame.getByText('The page does not answer yet')).toBeVisible();
  expect(isStill).toBe(true);
  await still;
  await bench.shows('localStorage', 'theme', 'light');
  await bench.shows('localStorage', 'cart', '1');
  await bench.shows('localStorage', 'draft', '1');
  await expect(frame.getByText('The page does not answer yet')).toBeHidden();
  expect(await page.evaluate(() => localStorage.getItem('theme'))).toBe('light');
  await bench.button('Undo').click();
  await expect.poll(() => page.evaluate(() => localStorage.getItem('theme'))).toBe('dark');
});

test('a page that goes to another path by itself shows what travels from there, and each cookie under its own path', async ({ app, context, page }) => {
  app.answers.set('/', (_, response) => {
    response.setHeader('Set-Cookie', ['sid=secret; HttpOnly; Path=/shop', 'wide=1; Path=/']);
    response.end(PLAIN('The app'));
  });
  await page.goto(app.through);
  const bench = await open(page);
  await bench.shows('Cookies', 'wide', '1');
  await expect(bench.row('sid')).toHaveCount(0);
  // Nothing that scripts see changes with it.
  await page.evaluate(() => history.pushState(null, '', '/shop/carts/1'));
  await expect(bench.cell('Cookies', 'sid')).toContainText('the server saw this cookie; scripts here cannot');
  await page.evaluate(() => {
    history.pushState(null, '', '/shop/carts/2');
    document.cookie = 'cart=1; path=/shop';
    document.cookie = 'plain=1';
  });
  await expect(bench.cell('Cookies', 'cart')).toContainText('the server saw this cookie');
  const kept = () => context.cookies(`${app.through}/shop/carts/2`);
  const names = async () => (await kept()).map(({ name }) => name).sort();
  const { path } = (await kept()).find(({ name }) => name === 'plain')!;
  await expect(await bench.inspect('plain', 'Cookies')).toContainText(`Path${path}Domain`);
  await bench.inspector('plain').getByRole('button', { name: 'Close' }).click();
  await bench.edit('Cookies', 'plain', '2');
  await expect.poll(async () => (await kept()).filter(({ name }) => name === 'plain').map(({ value, path }) => [value, path])).toEqual([['2', path]]);
  await bench.delete('Cookies', 'cart');
  await expect.poll(names).toEqual(['plain', 'sid', 'wide']);
  await expect(bench.row('cart')).toHaveCount(0);
  await page.evaluate(() => history.go(-2));
  await expect(bench.row('sid')).toHaveCount(0);
  await bench.shows('Cookies', 'wide', '1');
});

test('a page that a service worker answers from its own cache has the dock where it came through the port', async ({ app, page }) => {
  app.answers.set('/worker.js', (_, response) => {
    response.setHeader('Content-Type', 'text/javascript');
    response.end(`
      addEventListener('install', () => skipWaiting());
      addEventListener('activate', (event) => event.waitUntil(clients.claim()));
      addEventListener('fetch', (event) => {
        if (event.request.mode !== 'navigate') return;
        event.respondWith((async () => {
          const cache = await caches.open('pages');
          const kept = await cache.match(event.request);
          if (kept) return kept;
          const answer = await fetch(event.request);
          await cache.put(event.request, answer.clone());
          return answer;
        })());
      });
    `);
  });
  let asked = 0;
  app.answers.set('/kept', (_, response) => {
    asked += 1;
    response.end(PLAIN(`Answer ${asked}`));
  });
  await page.goto(app.through);
  await page.evaluate(async () => {
    const controlled = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    await navigator.serviceWorker.register('/worker.js');
    await controlled;
  });
  for (let visit = 0; visit < 2; visit++) {
    await page.goto(`${app.through}/kept`);
    await expect(page.getByRole('heading', { name: 'Answer 1' })).toBeVisible();
    await expect(page.locator('head > script[src$="/dock.js"]')).toHaveCount(1);
  }
  expect(asked).toBe(1);
  await page.evaluate(() => localStorage.setItem('theme', 'dark'));
  const bench = await open(page);
  await bench.shows('localStorage', 'theme', 'dark');
  await bench.shows('Cache Storage', 'pages//kept', /Answer 1/);
  // What travels is seen though a worker stands in between.
  await page.evaluate(() => (document.cookie = 'seen=1; path=/'));
  await expect(bench.cell('Cookies', 'seen')).toContainText('scripts and server');
});

test('the panel is closed at first, and is where it was on the next page', async ({ app, page }) => {
  await page.goto(app.through);
  await expect(panel(page)).toBeHidden();
  await open(page);
  await panel(page).getByRole('button', { name: 'Move to the right' }).click();
  await expect(panel(page).getByRole('button', { name: 'Move to the bottom' })).toBeVisible();
  const kept = page.waitForResponse(/\/app\/dock$/);
  await panel(page).getByRole('separator', { name: 'Size of the panel' }).press('ArrowLeft');
  expect((await kept).status()).toBe(204);
  const size = await panel(page).getByRole('separator', { name: 'Size of the panel' }).getAttribute('aria-valuenow');
  await page.goto(`${app.through}/next`);
  await docked(page);
  await expect(panel(page).getByRole('button', { name: 'Move to the bottom' })).toBeVisible();
  await expect(panel(page).getByRole('separator', { name: 'Size of the panel' })).toHaveAttribute('aria-valuenow', size!);
  // Nothing of it lies among the app's own.
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, '']);
  const shut = page.waitForResponse(/\/app\/dock$/);
  await panel(page).getByRole('button', { name: 'Close' }).click();
  await shut;
  await page.goto(app.through);
  await expect(tab(page)).toBeVisible();
  await expect(panel(page)).toBeHidden();
});

test('the dock is opened and closed by the keyboard', async ({ app, page }) => {
  await page.goto(app.through);
  const isFocused = () => tab(page).evaluate((button) => (button.getRootNode() as ShadowRoot).activeElement === button);
  for (let steps = 0; steps < 5 && !(await isFocused()); steps++) await page.keyboard.press('Tab');
  await expect(tab(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await docked(page);
  await panel(page).getByRole('button', { name: 'Move to the right' }).focus();
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
  await expect(tab(page)).toBeFocused();
});

test('neither the dock nor the bench in it has what axe finds', async ({ app, page }) => {
  await page.goto(app.through);
  await page.evaluate(() => localStorage.setItem('theme', 'dark'));
  await tab(page).click();
  const { frame } = await docked(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const one of [page.mainFrame(), frame]) {
      await one.evaluate(axe.source);
      const found = await one.evaluate(async () => {
        const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({ iframes: false } as axe.RunOptions);
        return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      });
      expect.soft(found, `${colorScheme}, ${one.url()}`).toEqual([]);
    }
  }
});

test('one line in a page does without the port, and says what is not seen', async ({ app, page }) => {
  app.answers.set('/line', (_, response) => {
    response.setHeader('Set-Cookie', 'sid=secret; HttpOnly; Path=/');
    response.end(PLAIN('The app', `<script src="${app.lab}/dock.js"></script>`));
  });
  await page.goto(`${app.alone}/line`);
  await page.evaluate(() => (document.cookie = 'seen=1; path=/'));
  const { bench, frame } = await (async () => {
    await tab(page).click();
    return docked(page);
  })();
  await bench.shows('Cookies', 'seen', '1');
  await expect(bench.cell('Cookies', 'seen')).toContainText('what travels is not seen from here');
  await expect(bench.row('sid')).toHaveCount(0);
  await expect(frame.getByText('this page does not come through Storage Lab')).toBeVisible();
});

test('a policy that allows the app’s own scripts and no frames lets the dock in, and nothing else', async ({ app, page, tolerate }) => {
  tolerate(/violates the following Content Security Policy directive/);
  app.answers.set('/strict', (_, response) => {
    response.setHeader('Content-Security-Policy', "default-src 'self'; script-src 'self' 'nonce-abc'; frame-src 'none'; style-src 'self'");
    response.end(PLAIN('Strict', '<script nonce="abc">window.own = 1</script><script>window.other = 1</script>'));
  });
  await page.goto(`${app.through}/strict`);
  await page.evaluate(() => localStorage.setItem('a', '1'));
  const bench = await open(page);
  await bench.shows('localStorage', 'a', '1');
  expect(await page.evaluate(() => [(window as unknown as { own?: number }).own, (window as unknown as { other?: number }).other])).toEqual([1, undefined]);
});

test('the lab’s pages lead to the app where there is one', async ({ app, page }) => {
  const yourApp = page.getByRole('navigation', { name: 'Your app' });
  await page.goto('/experiments');
  await expect(yourApp).toHaveCount(0);
  await page.goto(`${app.lab}/experiments`);
  await inspect(page, SOME_VIEWS);
  await yourApp.getByRole('link', { name: 'Check its session' }).click();
  await expect(page).toHaveURL(`${app.lab}/app/session`);
  await page.goto(app.lab);
  await yourApp.getByRole('link', { name: 'Your app', exact: true }).click();
  await expect(page).toHaveURL(`${app.lab}/app`);
});

test('a page of another origin cannot have the bench in a frame', async ({ app, page, tolerate }) => {
  // The browser reports it, and may not read the answer.
  tolerate(/frame-ancestors|csp-report/);
  const elsewhere = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(PLAIN('Elsewhere', `</head><body><iframe src="${app.lab}/dock" title="dock"></iframe>`));
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`);
  await expect.poll(() => page.frames().map((frame) => frame.url()).filter((url) => url.includes('chrome-error'))).toHaveLength(1);
  elsewhere.closeAllConnections();
  elsewhere.close();
});

test('no page of the lab but the dock lets itself be framed by the app', async ({ app, request }) => {
  for (const path of ['/', '/login', '/account', '/app', '/app/session', '/experiments']) {
    const answer = await request.get(`${app.lab}${path}`);
    expect(answer.headers()['content-security-policy'], path).toContain("frame-ancestors 'none'");
    expect(answer.headers()['x-frame-options'], path).toBe('DENY');
  }
});

test('a hostile app’s page gets text shown and nothing of the lab’s', async ({ app, page, tolerate }) => {
  // A place that is none is refused.
  tolerate(/400 \(Bad Request\).*\/app\/dock/);
  // It answers in the place of the dock's own script.
  app.answers.set('/hostile', (_, response) => response.end(PLAIN('Hostile')));
  await page.route(`${app.lab}/dock.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  await page.goto(`${app.through}/hostile`);
  const asked = await page.evaluate(
    (lab) =>
      new Promise<string[]>((resolve) => {
        const verbs: string[] = [];
        const frame = document.createElement('iframe');
        frame.title = 'The bench of this page';
        frame.style.cssText = 'width: 1000px; height: 600px';
        frame.src = `${lab}/dock`;
        addEventListener('message', ({ source, data }) => {
          if (source !== frame.contentWindow || data !== 'storage-lab-dock') return;
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => {
            verbs.push(JSON.stringify(data));
            const hostile = '<img src=x onerror="parent.postMessage(`run`,`*`)">';
            const answers: Record<string, unknown> = {
              list: { entries: [[hostile, hostile], [1, 2], 'x', null, ['a']], others: [hostile, {}] },
              cookies: { string: `a=${hostile}`, items: null, path: '/../..//evil?x' },
              probe: { answered: true },
            };
            port1.postMessage({ id: data.id, ...(answers[data.verb] as object) });
            port1.postMessage({ store: 'server', by: 'tab' });
            port1.postMessage({ place: { edge: '"></script><script>', size: 1e9, open: true } });
            if (verbs.length > 8) setTimeout(() => resolve(verbs), 1500);
          };
          frame.contentWindow!.postMessage('storage-lab-dock', lab, [port2]);
        });
        document.body.append(frame);
      }),
    app.lab,
  );
  const frame = page.frames().find((frame) => frame.url().endsWith('/dock'))!;
  await expect(new Bench(frame).grid).toContainText('<img src=x onerror=');
  expect(await frame.locator('img').count()).toBe(0);
  // It is asked what its own stores hold, and told nothing.
  const told = new Set(asked.flatMap((question) => Object.keys(JSON.parse(question))));
  expect([...told].sort()).toEqual(['id', 'probe', 'store', 'until', 'verb']);
  const served = await page.request.get(`${app.lab}/dock.js`);
  expect(await served.text()).not.toContain('<script>');
});
