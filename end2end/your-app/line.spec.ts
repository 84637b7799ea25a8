// The dock's line in the pages of an app, under the policies that apps have.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test as base } from '../support/fixtures';
import { CHEAP_HASHING, freePort } from '../support/server';

const POLICIES: Record<string, string | string[]> = {
  '/nothing': "default-src 'none'",
  '/own': "script-src 'self'; frame-src 'self'",
  '/inline': "default-src 'self'; script-src 'self' 'unsafe-inline'",
  '/nonce': "default-src 'none'; script-src 'nonce-own'",
  '/dynamic': "default-src 'self'; script-src 'strict-dynamic' 'nonce-own'",
  '/hashes': "script-src 'strict-dynamic' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  '/several': ["default-src 'self'", "script-src 'none', child-src 'none'"],
  '/types': "require-trusted-types-for 'script'; trusted-types 'none'",
};
const COEP = '/isolated';
/** Answered with 304 where the browser has it. */
const TAG = '"of-the-app"';

const page = gzipSync('<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>a</title><p>a<script>window.ran = true</script>');

const test = base.extend<{ origins: { alone: string; through: string } }>({
  origins: async ({ launch }, use) => {
    const app = createServer((request, response) => {
      const path = request.url!;
      if (POLICIES[path]) response.setHeader('Content-Security-Policy', POLICIES[path]);
      if (path === COEP) response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      response.setHeader('ETag', TAG).setHeader('Cache-Control', 'no-cache').setHeader('Content-Type', 'text/html');
      if (request.headers['if-none-match'] === TAG) return response.writeHead(304).end();
      response.setHeader('Content-Encoding', 'gzip').end(page);
    }).listen(0, '127.0.0.1');
    await once(app, 'listening');
    const [alone, through] = [`127.0.0.1:${(app.address() as AddressInfo).port}`, `127.0.0.1:${await freePort()}`];
    await launch([...CHEAP_HASHING, '--app', `http://${alone}`, '--app-addr', through]);
    await use({ alone: `http://${alone}`, through: `http://${through}` });
    app.closeAllConnections();
    app.close();
  },
});

for (const path of [...Object.keys(POLICIES), COEP])
  test(`the dock’s script runs at ${path}, its frame may come, and nothing else does that did not before`, async ({ origins, page, tolerate }) => {
    // What the policies refuse of the page's own; and where the dock does not let itself be framed.
    tolerate(/inline script|the image 'data:,'|frame-ancestors|404|ERR_BLOCKED_BY_RESPONSE/);
    await page.addInitScript(() => {
      const refused: string[] = [];
      Object.assign(window, { refused });
      document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) => {
        if (!effectiveDirective.startsWith('img')) refused.push(`${effectiveDirective} ${blockedURI}`);
      });
    });
    const seen = () => page.evaluate(() => ({ ran: 'ran' in window, mode: document.compatMode, refused: (window as unknown as { refused: string[] }).refused }));
    await page.goto(origins.alone + path);
    const alone = await seen();
    const loaded = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/dock.js');
    await page.goto(origins.through + path);
    expect((await loaded).status()).toBe(200);
    const script = page.locator('head > script[src$="/dock.js"]');
    await expect(script).toHaveCount(1);
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/dock');
    await script.evaluate((script: HTMLScriptElement) => {
      const frame = document.createElement('iframe');
      frame.src = new URL('/dock', script.src).href;
      document.body.append(frame);
    });
    await asked;
    expect(await seen()).toEqual(alone);
  });

test('a page that the browser keeps is not sent again, and has the line still', async ({ origins, page }) => {
  const open = async () => (await page.goto(`${origins.through}/kept`))!;
  const tag = (await (await open()).allHeaders()).etag;
  expect(tag).not.toBe(TAG);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const unchanged = new Promise<number>((told) => {
    session.on('Network.responseReceivedExtraInfo', ({ statusCode, headers }) => {
      if (Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'etag' && value === tag)) told(statusCode);
    });
  });
  await open();
  expect(await unchanged).toBe(304);
  await expect(page.locator('head > script[src$="/dock.js"]')).toHaveCount(1);
});
