// What the page /app says of an app's cookies in stock engines, beside what each engine then sends to the app without the lab.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, ONCE, test } from '../support/engine/fixtures';
import { soon } from '../support/engine/tab';
import { CHEAP_HASHING, freePort, Server } from '../support/server';

const LINES = [
  'plain=1', 'secure=1; Secure', '__Host-good=1; Secure; Path=/', 'none=1; SameSite=None; Secure', 'strict=1; SameSite=Strict',
  'domain=1; Domain=other.example', '__Host-path=1; Secure', '__Secure-bad=1', `large=${'x'.repeat(4_091)}`, `too-large=${'x'.repeat(4_097)}`,
];

test('each verdict on an app’s cookies is what the engine sends', ONCE, async ({ tab, tolerate }, testInfo) => {
  // Firefox says of some itself what it refuses.
  tolerate(/^Error: Cookie “.+” has been rejected/);
  let sent: string[] = [];
  const app = createServer((request, response) => {
    if (request.url === '/set') response.setHeader('Set-Cookie', LINES);
    if (request.url === '/alone') sent = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('=')[0]!);
    response.setHeader('Content-Type', 'text/html');
    response.end('<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>App</title><p>App</p></html>');
  }).listen(0, '127.0.0.1');
  await once(app, 'listening');
  const alone = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  const through = `127.0.0.1:${await freePort()}`;
  const lab = await Server.launch({
    database: `sqlite://${testInfo.outputPath('app.db')}`,
    log: testInfo.outputPath('app.log'),
    flags: [...CHEAP_HASHING, '--app', alone, '--app-addr', through],
  });
  try {
    for (const path of ['/set', '/']) await tab.open(`http://${through}${path}`);
    // Cookies are a host's, at whichever port.
    await tab.open(`${alone}/alone`);
    await soon(async () => sent.length).toBeGreaterThan(0);
    await tab.open(`${lab.url}/app`);
    const told = () =>
      tab.page.evaluate(() =>
        [...document.querySelectorAll('.set')].map((set) => [
          /Set-Cookie: ([^=]+)=/.exec(set.querySelector('code')!.textContent!)![1]!,
          set.querySelector('.verdict strong')!.textContent!,
        ]),
      );
    const names = LINES.map((line) => line.split('=')[0]!);
    await soon(told).toEqual(names.map((name) => [name, sent.includes(name) ? 'Kept.' : 'Refused.']));
  } finally {
    await lab.stop();
    app.closeAllConnections();
    app.close();
  }
});
