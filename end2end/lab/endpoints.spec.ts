// The lab's endpoints as a browser meets them; the oracles are the browser's own cookies, its developer tools, a second page.
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const post = (page: Page, path: string, fields: [string, string][]): Promise<number> =>
  page.evaluate(
    async ([path, fields]) => (await fetch(path, { method: 'POST', body: new URLSearchParams(fields) })).status,
    [path, fields] as const,
  );

test('the browser keeps the cookie whose line was sent, and refuses what its rules refuse', async ({ bench, context, page }) => {
  await bench.open();
  const devtools = await context.newCDPSession(page);
  const blocked: string[] = [];
  devtools.on('Network.responseReceivedExtraInfo', ({ blockedCookies }) =>
    blocked.push(...blockedCookies.flatMap(({ blockedReasons, cookieLine }) => [`${cookieLine}: ${blockedReasons}`])),
  );
  await devtools.send('Network.enable');
  const line = 'lab-tea=grün 漢; Path=/lab; HttpOnly; SameSite=Strict';
  expect(await post(page, '/lab/cookie', [['line', line]])).toBe(204);
  expect(await context.cookies(new URL('/lab/echo', page.url()).href)).toMatchObject([
    { name: 'lab-tea', value: 'grün 漢', path: '/lab', httpOnly: true, secure: false, sameSite: 'Strict' },
  ]);
  const refused = '__Host-lab-tea=green; Path=/lab; Secure';
  expect(await post(page, '/lab/cookie', [['line', refused]])).toBe(204);
  await expect.poll(() => blocked).toEqual([`${refused}: InvalidPrefix`]);
});

test('an open page hears that another tab changed its server session, and that the session ended', async ({
  bench,
  context,
  page,
}) => {
  await bench.open();
  await bench.add('Server session', 'tea', 'green');
  await bench.shows('Server session', 'lab-tea', 'green');
  const other = await context.newPage();
  await other.goto('/login');
  await other.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const events = new EventSource('/lab/events');
    for (const name of ['open', 'values', 'ended']) events.addEventListener(name, () => heard.push(name));
    // A browser opens the stream again by itself; without a session it is told 204 and leaves it.
    events.addEventListener('error', () => events.readyState === EventSource.CLOSED && heard.push('closed'));
  });
  const heard = () => other.evaluate(() => (window as unknown as { heard: string[] }).heard);
  await expect.poll(heard).toEqual(['open']);
  await bench.add('Server session', 'milk', 'none');
  await expect.poll(heard).toEqual(['open', 'values']);
  expect(await post(page, '/api/logout', [])).toBe(200);
  await expect.poll(heard).toEqual(['open', 'values', 'ended', 'closed']);
});

test('what a page asks of the bench is in its record as the browser sent and received it', async ({ bench, context, page }) => {
  const devtools = await context.newCDPSession(page);
  const sent = new Map<string, Record<string, string>>();
  const received = new Map<string, string>();
  devtools.on('Network.requestWillBeSentExtraInfo', ({ requestId, headers }) => sent.set(requestId, headers));
  devtools.on('Network.responseReceivedExtraInfo', ({ requestId, headersText }) => received.set(requestId, headersText!));
  await devtools.send('Network.enable');
  await bench.open();
  await bench.add('Server session', 'tea', 'green');
  await bench.shows('Server session', 'lab-tea', 'green');

  const ids = new Set([...sent.values()].flatMap((headers) => headers['lab-page'] ?? []));
  expect(ids.size).toBe(1);
  type Field = { name: string; value: string; bytes: number };
  type Exchange = { id: string; path: string; request: Field[]; response: Field[] };
  const record: Exchange[] = await page.evaluate(
    async (id) => (await fetch('/lab/wire', { headers: { 'lab-page': id } })).json(),
    [...ids][0]!,
  );
  expect(record[0]!.path).toBe('/');
  expect(record.map(({ path }) => path)).toEqual(expect.arrayContaining(['/api/values/put', '/api/observe']));
  let compared = 0;
  for (const exchange of record) {
    const entry = [...received].find(([, text]) => text.includes(`x-request-id: ${exchange.id}\r\n`));
    if (!entry) continue;
    compared += 1;
    const [requestId, text] = entry;
    const lines = text.trimEnd().split('\r\n').slice(1);
    const sizes = lines.map((line) => Buffer.byteLength(`${line}\r\n`));
    expect(exchange.response.map(({ bytes }) => bytes).sort()).toEqual(sizes.sort());
    for (const { name, value } of exchange.response.filter(({ name }) => name !== 'set-cookie')) {
      expect(lines).toContain(`${name}: ${value}`);
    }
    const names = Object.keys(sent.get(requestId)!).map((name) => name.toLowerCase());
    expect(exchange.request.map(({ name }) => name).sort()).toEqual(names.filter((name) => !name.startsWith(':')).sort());
  }
  expect(compared).toBe(record.length);
});

test('the browser forgets what the server asks it to forget', async ({ bench, context, page }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  expect(await post(page, '/lab/clear-site-data', [['kind', 'storage']])).toBe(204);
  expect(await contents(page, 'localStorage')).toEqual({});
  expect(await contents(page, 'sessionStorage')).toEqual({});
  expect(Object.keys(await contents(page, 'Cookies'))).toContain('lab-tea');
  expect(await post(page, '/lab/clear-site-data', [['kind', 'cookies']])).toBe(204);
  expect(await context.cookies()).toEqual([]);
});
