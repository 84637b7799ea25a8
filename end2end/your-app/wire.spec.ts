// The wire of an app: what the page /app says of each cookie, beside what the browser itself says that it holds.
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from '../support/accessibility';
import { expect, test as base } from '../support/fixtures';
import { press, tabTo } from '../support/keyboard';
import { CHEAP_HASHING, freePort } from '../support/server';

const VALUE = 'the-value-of-the-session';

/** One line for each rule, good and bad; those that go wrong with what is said of them. */
const LINES: { line: string; refused?: RegExp }[] = [
  { line: `sid=${VALUE}; Path=/; HttpOnly; SameSite=Lax` },
  { line: 'strict=1; SameSite=Strict' },
  { line: 'domain-of-this-host=1; Domain=127.0.0.1' },
  { line: 'secure=1; Secure' },
  { line: '__Host-good=1; Secure; Path=/' },
  { line: '__Secure-good=1; Secure' },
  { line: 'none=1; SameSite=None; Secure' },
  { line: `large=${'x'.repeat(4_091)}` },
  { line: 'years=1; Max-Age=99999999' },
  { line: 'domain=1; Domain=other.example', refused: /The Domain must be this host or one above it/ },
  { line: '__Host-path=1; Secure', refused: /A name with __Host- needs Path=\// },
  { line: '__Host-secure=1; Path=/', refused: /A name with __Host- needs Secure/ },
  { line: '__Secure-bad=1', refused: /A name with __Secure- needs Secure/ },
  { line: 'none-bad=1; SameSite=None', refused: /SameSite=None needs Secure/ },
  { line: 'partitioned-bad=1; Partitioned', refused: /Partitioned needs Secure/ },
  { line: `too-large=${'x'.repeat(4_097)}`, refused: /at most 4,096 bytes/ },
];
const nameOf = (line: string) => line.split('=')[0]!;

/** What the app sets, path by path. */
const PATHS: Record<string, string[]> = {
  '/first': ['gone=1; Path=/', 'stays=1; Path=/shop', 'dropped=1'],
  '/set': LINES.map(({ line }) => line),
  '/shop/leave': ['gone=; Path=/; Max-Age=0', 'stays=; Path=/; Max-Age=0'],
  '/deep/set': ['deep=1'],
  '/early': ['early=1'],
  '/crowd': Array.from({ length: 200 }, (_, number) => `crowd-${number}=1`),
};

function answer(path: string, response: ServerResponse): void {
  response.setHeader('Set-Cookie', PATHS[path] ?? []);
  response.setHeader('Content-Type', 'text/html');
  response.end(`<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>${path}</title><p>${path}</p></html>`);
}

const test = base.extend<{ app: string; lab: string }>({
  /** An app, and the lab in front of it: the lab's page, and where the app is through it. */
  lab: async ({ app, launch }, use) => {
    const upstream = createServer((request, response) => answer(request.url!, response)).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const { port } = upstream.address() as AddressInfo;
    const server = await launch([...CHEAP_HASHING, '--app', `http://127.0.0.1:${port}`, '--app-addr', new URL(app).host]);
    await use(`${server.url}/app`);
    upstream.closeAllConnections();
    upstream.close();
  },
  app: async ({}, use) => use(`http://127.0.0.1:${await freePort()}`),
});

/** The latest line that sets a cookie of this name. */
const setting = (page: Page, name: string): Locator => page.locator('.set').filter({ hasText: `Set-Cookie: ${name}=` }).first();
const verdict = (page: Page, name: string): Locator => setting(page, name).locator('.verdict strong');
const held = async (context: BrowserContext, url: string) => new Set((await context.cookies(url)).map(({ name }) => name));

test('each verdict is what the browser holds', async ({ app, context, lab, page }) => {
  for (const path of ['/set', '/']) await page.goto(`${app}${path}`);
  const names = await held(context, `${app}/`);
  await page.goto(lab);
  for (const { line, refused } of LINES) {
    const name = nameOf(line);
    expect(names.has(name), `the browser holds ${name}`).toBe(!refused);
    await expect(verdict(page, name)).toHaveText(refused ? 'Refused.' : 'Kept.');
    if (!refused) continue;
    await expect(setting(page, name)).toContainText(refused);
    await expect(setting(page, name).getByRole('link', { name: /RFC 6265bis §|CHIPS/ }).first()).toBeVisible();
  }
  await expect(setting(page, 'years')).toContainText('A cookie lives at most 400 days');
});

test('the line that is said to work works', async ({ app, context, lab, page }) => {
  for (const path of ['/set', '/']) await page.goto(`${app}${path}`);
  await page.goto(`${lab}?values=shown`);
  const works = new Map<string, string>();
  // No line keeps a value that is too long.
  for (const { line } of LINES.filter(({ line, refused }) => refused && nameOf(line) !== 'too-large')) {
    const text = await setting(page, nameOf(line)).locator('.remedy > pre').textContent();
    works.set(nameOf(line), text!.replace('Set-Cookie: ', ''));
  }
  PATHS['/repaired'] = [...works.values()];
  for (const path of ['/repaired', '/']) await page.goto(`${app}${path}`);
  const names = await held(context, `${app}/`);
  await page.goto(lab);
  for (const name of works.keys()) {
    expect(names.has(name), `the browser holds ${name}: ${works.get(name)}`).toBe(true);
    await expect(verdict(page, name)).toHaveText('Kept.');
  }
});

test('a line that works is there as code, and stays open while the list changes', async ({ app, context, lab, page }) => {
  for (const path of ['/set', '/']) await page.goto(`${app}${path}`);
  await page.goto(lab);
  const code = setting(page, 'partitioned-bad').locator('details');
  await code.getByText('As code').click();
  await expect(code.getByText("response.cookie('partitioned-bad', 'VALUE', { secure: true, partitioned: true, encode: String });")).toBeVisible();
  await expect(code.getByText('ResponseCookie.from("partitioned-bad", "VALUE").secure(true).partitioned(true).build()')).toBeVisible();
  await inspect(page);
  const other = await context.newPage();
  await other.goto(`${app}/`);
  await page.bringToFront();
  await expect(page.locator('.exchanges tbody tr')).toHaveCount(3);
  await expect(code.getByText('Express')).toBeVisible();
});

test('what is deleted, changed by a script and not asked for is told apart', async ({ app, context, lab, page }) => {
  await page.goto(`${app}/first`);
  await page.goto(`${app}/shop/`);
  await page.evaluate(() => (document.cookie = 'dropped=; Max-Age=0; Path=/'));
  for (const path of ['/shop/leave', '/shop/', '/deep/set']) await page.goto(`${app}${path}`);
  const names = await held(context, `${app}/shop/`);
  expect([...names]).toEqual(['stays']);
  await page.goto(lab);
  await expect(verdict(page, 'gone')).toHaveText('Deleted.');
  await expect(verdict(page, 'stays')).toHaveText('Not deleted.');
  await expect(setting(page, 'stays').locator('.remedy > pre')).toHaveText('Set-Cookie: stays=; Max-Age=0; Path=/shop');
  await expect(verdict(page, 'deep')).toHaveText('Not known yet.');

  await page.goto(`${app}/set`);
  await page.evaluate(() => (document.cookie = 'strict=2; SameSite=Strict'));
  await page.goto(`${app}/`);
  await page.goto(lab);
  await expect(verdict(page, 'strict')).toHaveText('Came back with another value.');
});

test('a cookie that the browser drops for want of room, or a script takes away, is told', async ({ app, context, lab, page }) => {
  for (const path of ['/early', '/', '/crowd', '/']) await page.goto(`${app}${path}`);
  const names = await held(context, `${app}/`);
  expect(names.has('early')).toBe(false);
  expect(names.size).toBeGreaterThan(100);
  await page.goto(lab);
  await expect(verdict(page, 'early')).toHaveText('Kept.');
  await expect(setting(page, 'early')).toContainText(`It came no more in #4, where ${names.size} others came: browsers keep about 180 cookies of a site`);
  await page.goto(`${app}/`);
  await page.evaluate(() => (document.cookie = 'crowd-199=; Max-Age=0'));
  await page.goto(`${app}/`);
  await page.goto(lab);
  await expect(setting(page, 'crowd-198')).not.toContainText('It came no more');
  await expect(setting(page, 'crowd-199')).toContainText('It came no more in #6');
});

test('another browser does not speak for this one', async ({ app, browser, lab, page }) => {
  await page.goto(`${app}/set`);
  const other = await browser.newContext({ userAgent: 'Another/1.0' });
  await (await other.newPage()).goto(`${app}/`);
  await other.close();
  await page.goto(lab);
  await expect(page.locator('.exchanges tbody tr')).toHaveCount(2);
  await expect(verdict(page, 'sid')).toHaveText('Not known yet.');
  await expect(verdict(page, 'domain')).toHaveText('Not known yet.');
});

test('the page shows what is new while it is open, rests while it is paused, and forgets', async ({ app, context, lab, page }) => {
  await page.clock.install();
  await page.goto(lab);
  await expect(page.getByText('Nothing has gone through yet.')).toBeVisible();
  const rows = page.locator('.exchanges tbody tr');
  const visitor = await context.newPage();
  await visitor.goto(`${app}/set`);
  await page.bringToFront();
  await expect(rows).toHaveCount(1);
  await expect(verdict(page, 'sid')).toHaveText('Not known yet.');
  await press(page, page.getByRole('button', { name: 'Pause' }));
  await visitor.goto(`${app}/`);
  await page.bringToFront();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  // Past the time at which the list would be asked for; what the test asks for comes after that.
  await page.clock.fastForward(5_000);
  await page.evaluate(() => fetch('/healthz').then((answer) => answer.text()));
  expect(asked).toEqual(['/healthz']);
  await expect(rows).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('#2');
  await press(page, page.getByRole('button', { name: 'Forget all' }));
  await expect(page.getByText('Nothing has gone through yet.')).toBeVisible();
  await expect(page).toHaveURL(lab);
});

test('values are masked until they are asked for, and exchanges are filtered, by keyboard', async ({ app, lab, page }) => {
  for (const path of ['/set', '/', '/']) await page.goto(`${app}${path}`);
  await page.goto(lab);
  await expect(page.getByText(`sid=the-… (${VALUE.length} bytes)`).first()).toBeVisible();
  expect(await page.content()).not.toContain(VALUE);
  await press(page, page.getByRole('button', { name: 'Show values' }));
  await expect(page.getByText(`sid=${VALUE}`).first()).toBeVisible();
  await tabTo(page, page.getByRole('searchbox', { name: 'Cookie’s name' }));
  await page.keyboard.type('too-large');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/name=too-large&values=shown/);
  await expect(page.locator('.exchanges tbody tr')).toHaveCount(1);
  await press(page, page.getByRole('button', { name: 'Hide values' }));
  await expect(page.getByRole('button', { name: 'Show values' })).toBeVisible();
  expect(await page.content()).not.toContain('xxxxxx');
});

test('without scripts a link shows what is new', async ({ app, browser, lab }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(lab);
  await (await context.newPage()).goto(`${app}/set`);
  await page.getByRole('link', { name: 'Reload' }).click();
  await expect(page.locator('.exchanges tbody tr')).toHaveCount(1);
  await expect(page.getByRole('button', { name: /Pause|Copy/ })).toHaveCount(0);
  await context.close();
});

test('the page is fit for all, in light and dark and on a narrow phone', async ({ app, lab, page }) => {
  await page.goto(lab);
  await inspect(page);
  for (const path of ['/first', '/set', '/shop/leave', '/?code=1']) await page.goto(`${app}${path}`);
  await page.goto(`${lab}?values=shown`);
  await inspect(page);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

test('without an app the page tells how one is named', async ({ launch, page }) => {
  const server = await launch();
  await page.goto(`${server.url}/app`);
  await expect(page.getByText('storage-lab serve --app http://localhost:8080')).toBeVisible();
  await inspect(page);
});

test('the app’s pages read nothing of it', async ({ app, lab, page, tolerate }) => {
  tolerate(/blocked|Failed to (load|fetch)|refused|NotSameOrigin/i);
  await page.goto(`${app}/set`);
  for (const origin of [lab, lab.replace('localhost', '127.0.0.1')]) {
    const read = await page.evaluate(async (url) => {
      const ways = [{}, { mode: 'no-cors', credentials: 'include' }] as RequestInit[];
      return Promise.all(ways.map((way) => fetch(url, way).then((answer) => answer.text(), () => '')));
    }, origin);
    expect(read).toEqual(['', '']);
  }
});
