// Another website in the visitor's browser: what it can make the lab's pages do, and what it learns. It has a server of its own
// on this machine, and asks the lab's server itself, too, as its owner would.
import { expect, test as base } from '../support/fixtures';
import { contents } from '../support/oracle';
import type { APIRequestContext, BrowserContext, Page } from '@playwright/test';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const SECRET = 'lab-secret-of-the-visitor';
/** What the browser notes of what is refused to the other website. */
const REFUSED = /status of (403|404)|ERR_BLOCKED_BY_RESPONSE/;

/** The port of another website: as evil.localhost a site of its own, as localhost another origin of the visitor's site. */
const test = base.extend<{ port: number }>({
  port: async ({}, use) => {
    const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!DOCTYPE html><title>You have won</title>'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await use((server.address() as AddressInfo).port);
    server.close();
    server.closeAllConnections();
  },
});

async function evilPage(context: BrowserContext, port: number): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`http://evil.localhost:${port}/`);
  return page;
}

/** What a visitor has in the browser, on both sites of the lab. */
async function somethingOfTheVisitors(context: BrowserContext, page: Page, sites: string[]): Promise<void> {
  for (const url of sites) {
    await context.addCookies([{ name: SECRET, value: '1', url }]);
    await page.goto(`${url}/healthz`);
    await page.evaluate((name) => localStorage.setItem(name, '1'), SECRET);
  }
}

/** Opens an address in a window, as a page does in a click, and waits until that window is done. */
async function opens(evil: Page, address: string): Promise<void> {
  const popup = evil.waitForEvent('popup');
  await evil.evaluate((address) => void window.open(address), address);
  const opened = await popup;
  await opened.waitForLoadState('load').catch(() => {});
  // Whatever its scripts do they have begun; a page that acts closes itself.
  await opened.waitForLoadState('networkidle').catch(() => {});
  await opened.close();
}

/** All that the attacker's own client reads of a run. */
async function reads(attacker: APIRequestContext, base: string, run: string): Promise<string> {
  const told = ['report', 'transfers'].map(async (path) => (await attacker.get(`${base}/lab/${path}?run=${run}`)).text());
  return (await Promise.all(told)).join();
}

test('another website learns no name of the visitor’s, and nothing is done for it', async ({ baseURL, context, page, port, request, tolerate }) => {
  tolerate(REFUSED);
  const [here, other] = [baseURL!, baseURL!.replace('localhost', '127.0.0.1')];
  await somethingOfTheVisitors(context, page, [here, other]);
  const cleared: string[] = [];
  context.on('response', (response) => {
    if (response.headers()['clear-site-data']) cleared.push(response.url());
  });
  const evil = await evilPage(context, port);
  for (const site of [here, other]) {
    for (const task of ['look&begins=', 'most=400&begins=lab-', 'kind=*&begins=lab-']) {
      await opens(evil, `${site}/lab/elsewhere?run=evil&${task}`);
    }
    await opens(evil, `${site}/lab/forge?run=evil`);
    await opens(evil, `${site}/lab/transfer?run=evil&how=link`);
    await evil.evaluate(async (address) => {
      await fetch(address, { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => {});
    }, `${site}/lab/transfer?run=evil&how=script`);
  }
  for (const site of [here, other]) expect(await reads(request, site, 'evil')).not.toContain(SECRET);
  expect(cleared).toEqual([]);
  for (const site of [here, other]) {
    expect((await context.cookies(site)).map(({ name }) => name)).toEqual([SECRET]);
    await page.goto(`${site}/healthz`);
    expect(await contents(page, 'localStorage')).toEqual({ [SECRET]: '1' });
  }
});

test('a run that its owner has registered by hand tells no name of the visitor’s either', async ({ baseURL, context, page, port, request, tolerate }) => {
  tolerate(REFUSED);
  const [here, other] = [baseURL!, baseURL!.replace('localhost', '127.0.0.1')];
  await somethingOfTheVisitors(context, page, [here, other]);
  const evil = await evilPage(context, port);
  const register = async (form: Record<string, string>) => {
    const answer = await request.post(`${here}/lab/runs`, { headers: { origin: here }, form: { begins: 'lab-x0123456789ab-', ...form } });
    return answer.json() as Promise<{ name: string; secret: string; address: string }>;
  };
  const forms: Record<string, string>[] = [{ task: 'clear', kind: '*' }, { task: 'fill', most: '400' }, { task: 'forge' }, { task: 'look' }];
  for (const form of forms) {
    const { name, secret, address } = await register(form);
    await opens(evil, `${address}&look&begins=&kind=*`);
    const told = async (path: string) => {
      const answer = await request.get(`${here}/lab/${path}?run=${name}`, { headers: { 'lab-secret': secret } });
      return answer.text();
    };
    if (form.task === 'forge') await expect.poll(() => told('transfers')).toContain('"cookies":[]');
    else if (form.task === 'look') await expect.poll(() => told('report')).toBe('{"found":{"cookies":[],"local":[],"carried":[]}}');
    else await expect.poll(() => told('report')).toBe('"others"');
    expect(`${await told('report')}${await told('transfers')}`).not.toContain(SECRET);
  }
  for (const site of [here, other]) expect((await context.cookies(site)).map(({ name }) => name)).toEqual([SECRET]);
});

test('another port of this host asks the lab nothing, though the visitor’s cookies come along', async ({ baseURL, context, page, port, tolerate }) => {
  tolerate(REFUSED);
  await context.addCookies([{ name: SECRET, value: '1', url: baseURL! }]);
  const devtools = await context.newCDPSession(page);
  const [asked, carried, statuses] = [new Map<string, string>(), new Map<string, boolean>(), new Map<string, number>()];
  devtools.on('Network.requestWillBeSent', ({ requestId, request: { url } }) => asked.set(new URL(url).pathname, requestId));
  devtools.on('Network.requestWillBeSentExtraInfo', ({ requestId, headers }) => {
    carried.set(requestId, Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'cookie' && value.includes(SECRET)));
  });
  devtools.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => statuses.set(requestId, statusCode));
  await devtools.send('Network.enable');
  await page.goto(`http://localhost:${port}/`);
  const paths = ['/lab/echo', '/lab/events', '/lab/markers', '/lab/reader', '/lab/guestbook'];
  for (const path of paths) {
    const answered = await page.evaluate(
      (address) => fetch(address, { mode: 'no-cors', credentials: 'include' }).then(() => true, () => false),
      `${baseURL}${path}`,
    );
    expect(answered, 'kept from it').toBe(false);
    await expect.poll(() => statuses.get(asked.get(path)!)).toBe(403);
    expect(carried.get(asked.get(path)!), 'the cookie came along').toBe(true);
  }
});
