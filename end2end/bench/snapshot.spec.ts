// Snapshots: what is in the file, what comes back from it, and what is said of the rest.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inspect } from '../support/accessibility';
import { Bench, STORES, type Store } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { logIn } from '../support/people';
import type { Locator, Page } from '@playwright/test';

const SNAPSHOT = 'Snapshot';

type Shelf = { store: string; entries: Record<string, unknown>[] };

async function save(page: Page, panel: Locator): Promise<string> {
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Save snapshot' }).click();
  return (await download).path();
}

async function look(panel: Locator, text: string): Promise<Locator> {
  await panel.getByRole('textbox', { name: 'Or paste it here' }).fill(text);
  await panel.getByRole('button', { name: 'Look at it' }).click();
  return panel.getByRole('group', { name: 'What would happen' });
}

const snapshot = (...stores: [string, Record<string, unknown>[]][]) =>
  JSON.stringify({ schema: 'storage-lab-snapshot/1', stores: stores.map(([store, entries]) => ({ store, entries })) });

test('a snapshot holds what the stores hold, and says which values no script could read', async ({ baseURL, bench, context, page, user }) => {
  await logIn(page.request, user);
  await context.addCookies([{ name: 'lab-hidden', value: 'nobody reads this', url: baseURL!, httpOnly: true }]);
  await bench.open();
  await bench.putAndWait('city', 'Zürich "😀"\\');
  const file = readFileSync(await save(page, await bench.tool(SNAPSHOT)), 'utf8');
  const { schema, stores } = JSON.parse(file) as { schema: string; stores: Shelf[] };
  expect(schema).toBe('storage-lab-snapshot/1');

  const names = ['cookies', 'session_storage', 'local_storage', 'server_session'];
  for (const [at, store] of STORES.entries()) {
    const entries = stores.find((shelf) => shelf.store === names[at])!.entries;
    const held = await contents(page, store);
    expect(entries.map(({ name }) => name).toSorted()).toEqual(Object.keys(held).toSorted());
    for (const { name, value } of entries) if (value !== null) expect(value).toBe(held[name as string]);
  }
  const cookies = stores.find((shelf) => shelf.store === 'cookies')!.entries;
  expect(cookies.find(({ name }) => name === 'lab-hidden')).toMatchObject({ value: null, no_value: 'http_only' });
  expect(cookies.find(({ name }) => name === '__Host-session')).toMatchObject({ value: null, no_value: 'login' });
  const [session] = (await context.cookies()).filter(({ name }) => name === '__Host-session');
  expect(file).not.toContain('nobody reads this');
  expect(file).not.toContain(session!.value);
});

test('a snapshot comes back in another browser, as one step, and what cannot is told', async ({ baseURL, bench, browser, context, page }) => {
  await context.addCookies([{ name: 'lab-hidden', value: 'nobody reads this', url: baseURL!, httpOnly: true }]);
  await bench.open();
  await page.evaluate(() => {
    document.cookie = 'lab-hour=1; Path=/; Max-Age=3600';
    document.cookie = 'other=kept; Path=/';
    localStorage.setItem('other', 'kept');
  });
  await bench.putAndWait('city', 'Zürich 😀');
  await bench.shows('Cookies', 'lab-hour', '1');
  const path = await save(page, await bench.tool(SNAPSHOT));

  const elsewhere = await browser.newContext({ baseURL });
  const there = await new Bench(await elsewhere.newPage()).open();
  const panel = await there.tool(SNAPSHOT);
  await panel.getByLabel('From a file').setInputFiles(path);
  const preview = panel.getByRole('group', { name: 'What would happen' });
  await expect(preview).toBeFocused();
  await expect(preview).toContainText('Will be created: 5');
  for (const line of [
    'lab-hidden in Cookies. Cannot be restored: it is HttpOnly',
    'other in Cookies. Left alone: its name does not begin with lab-.',
    'other in localStorage. Left alone',
    '__Host-session in Cookies. Left alone: that is the login cookie.',
  ]) await expect(preview.getByRole('listitem').filter({ hasText: line })).toHaveCount(1);
  for (const store of STORES) expect(await contents(there.page, store)).toEqual({});

  await preview.getByRole('button', { name: 'Restore 5 entries' }).click();
  await expect(there.status).toHaveText('Restored 5 entries from a snapshot.');
  await expect(panel.getByRole('group', { name: 'What came of it' })).toContainText('Not restored: 4');
  for (const store of STORES) expect(await contents(there.page, store)).toMatchObject({ 'lab-city': 'Zürich 😀' });
  expect(await contents(there.page, 'localStorage')).not.toHaveProperty('other');
  const [hour] = (await elsewhere.cookies()).filter(({ name }) => name === 'lab-hour');
  expect(hour!.expires - Date.now() / 1_000).toBeGreaterThan(3_400);

  await there.button('Undo').click();
  await expect(there.status).toHaveText('Undone: Restored 5 entries from a snapshot.');
  for (const store of ['sessionStorage', 'localStorage', 'Server session'] as const) expect(await contents(there.page, store)).toEqual({});
  expect(Object.keys(await contents(there.page, 'Cookies'))).toEqual(['__Host-session']);
  await elsewhere.close();
});

test('what is there already is told from what would be overwritten', async ({ bench, page }) => {
  await bench.open();
  await bench.add('localStorage', 'same', '1');
  await bench.add('localStorage', 'tea', 'green');
  await bench.shows('localStorage', 'lab-tea', 'green');
  const panel = await bench.tool(SNAPSHOT);
  const entry = (name: string, value: string) => ({ name, value });
  const preview = await look(panel, snapshot(['local_storage', [entry('lab-same', '1'), entry('lab-tea', 'black'), entry('lab-new', '2')]]));
  await expect(preview).toContainText('Will be created: 1');
  await expect(preview).toContainText('Will be overwritten: 1');
  await expect(preview).toContainText('There already, just so: 1');
  await preview.getByRole('button', { name: 'Restore 2 entries' }).click();
  await expect(panel.getByRole('group', { name: 'What came of it' })).toBeFocused();
  expect(await contents(page, 'localStorage')).toEqual({ 'lab-same': '1', 'lab-tea': 'black', 'lab-new': '2' });
  await bench.button('Undo').click();
  await expect.poll(() => contents(page, 'localStorage')).toEqual({ 'lab-same': '1', 'lab-tea': 'green' });
});

test('what no browser keeps is listed beforehand with its reason, and the rest is restored', async ({ bench, page }) => {
  await bench.open();
  const panel = await bench.tool(SNAPSHOT);
  const preview = await look(
    panel,
    snapshot(['cookies', [{ name: 'lab-big', value: 'x'.repeat(4_090) }, { name: 'lab-tea', value: 'green' }]]),
  );
  const refused = /lab-big in Cookies\. .*name and value are 4,097 bytes/;
  await expect(preview).toContainText('Will not be restored: 1');
  await expect(preview).toContainText(refused);
  await preview.getByRole('button', { name: 'Restore 1 entry' }).click();
  await expect(panel.getByRole('group', { name: 'What came of it' })).toContainText(refused);
  expect(await contents(page, 'Cookies')).toEqual({ 'lab-tea': 'green' });
});

test('what is wrong with a file is told with its place, and nothing is lost or done', async ({ bench, page }) => {
  await bench.open();
  await bench.add('localStorage', 'tea', 'green');
  const panel = await bench.tool(SNAPSHOT);
  const field = panel.getByRole('textbox', { name: 'Or paste it here' });
  const broken = '{\n  "schema": "storage-lab-snapshot/1",\n  "stores": [}\n}';
  await look(panel, broken);
  await expect(field).toHaveAccessibleDescription('Line 3, column 14: expected value.');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveValue(broken);
  for (const [text, told] of [
    ['', /There is nothing to read/],
    ['{}', /no snapshot: it has no “schema”/],
    ['{"schema":"storage-lab-snapshot/9"}', /This is “storage-lab-snapshot\/9”/],
  ] as const) {
    await look(panel, text);
    await expect(field).toHaveAccessibleDescription(told);
  }
  await expect(panel.getByRole('group', { name: 'What would happen' })).toHaveCount(0);
  expect(await contents(page, 'localStorage')).toEqual({ 'lab-tea': 'green' });
});

test('cookies are copied as a command and as statements that do what they say', async ({ baseURL, bench, browser, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await bench.open();
  await page.evaluate(() => {
    document.cookie = "lab-quoted=it's $HOME `x` \\; Path=/";
    document.cookie = 'lab-tea=green; Path=/; Max-Age=3600';
  });
  await bench.shows('Cookies', 'lab-tea', 'green');
  const held = await contents(page, 'Cookies');
  const panel = await bench.tool(SNAPSHOT);
  const copied = async (button: string) => {
    await panel.getByRole('button', { name: button }).click();
    await expect(bench.status).toHaveText(/^Copied the cookies as /);
    return page.evaluate(() => navigator.clipboard.readText());
  };

  // A shell takes the command apart; in place of curl stands a function that prints what it is given.
  const command = await copied('Copy cookies as curl (POSIX shell)');
  const given = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }; ${command}`], { encoding: 'utf8' });
  const pairs = Object.entries(held).map(([name, value]) => `${name}=${value}`).join('; ');
  expect(given).toBe(`-H\nCookie: ${pairs}\n${baseURL}/lab/echo\n`);

  const statements = await copied('Copy cookies as document.cookie');
  const elsewhere = await browser.newContext({ baseURL });
  const blank = await elsewhere.newPage();
  await blank.goto('/healthz');
  const devtools = await elsewhere.newCDPSession(blank);
  await devtools.send('Runtime.evaluate', { expression: statements });
  expect(await contents(blank, 'Cookies')).toEqual(held);
  await elsewhere.close();
});

// What other tools export.
const LIST = JSON.stringify([
  { domain: 'shop.example', hostOnly: true, httpOnly: true, name: 'lab-a', path: '/', sameSite: 'lax', secure: false, session: false, expirationDate: 4_000_000_000.5, storeId: '0', value: '1' },
  { domain: '.shop.example', hostOnly: false, httpOnly: false, name: 'theme', path: '/', sameSite: 'unspecified', secure: false, session: true, value: 'dark' },
]);

test('another tool’s list of cookies is read with what cannot be kept of it, and nothing is written before it is asked for', async ({ bench, context, page }) => {
  await bench.open();
  const panel = await bench.tool(SNAPSHOT);
  const preview = await look(panel, LIST);
  await expect(preview).toContainText('Read as a list of cookies.');
  await expect(preview.getByRole('listitem')).toHaveText([
    'lab-a in Cookies. What is changed: for this host, not for shop.example; without HttpOnly, which no script can set.',
    'theme in Cookies. Left alone: its name does not begin with lab-.',
  ]);
  await inspect(page);
  await panel.getByRole('checkbox', { name: 'Put lab- before names' }).check();
  await expect(preview.getByRole('listitem').last()).toHaveText(
    'lab-theme in Cookies. What is changed: for this host, not for shop.example; it was named theme.');
  expect(await contents(page, 'Cookies')).toEqual({});

  await preview.getByRole('button', { name: 'Restore 2 entries' }).click();
  await expect(bench.status).toHaveText('Restored 2 entries from a snapshot.');
  expect(await contents(page, 'Cookies')).toEqual({ 'lab-a': '1', 'lab-theme': 'dark' });
  const [kept] = (await context.cookies()).filter(({ name }) => name === 'lab-a');
  expect(kept).toMatchObject({ httpOnly: false, sameSite: 'Lax', path: '/' });
});

const FORMS: [string, string, Record<string, Record<string, string>>][] = [
  ['cookies.txt (Netscape)', '# Netscape HTTP Cookie File\r\n\r\n#HttpOnly_shop.example\tFALSE\t/\tFALSE\t4000000000\tlab-a\tx y\r\n', { Cookies: { 'lab-a': 'x y' } }],
  ['rows of the browser’s own tools', 'lab-a\t1\tshop.example\t/\tSession\t6\t✓\t\tLax\t\t\tMedium', { Cookies: { 'lab-a': '1' } }],
  ['header lines with cookies', 'GET / HTTP/1.1\r\nCookie: lab-a=1; lab-b=2', { Cookies: { 'lab-a': '1', 'lab-b': '2' } }],
  ['cookies as document.cookie tells them', 'lab-a=1; lab-b="2"', { Cookies: { 'lab-a': '1', 'lab-b': '"2"' } }],
  ['Set-Cookie lines', 'lab-a=1; Path=/; Max-Age=600', { Cookies: { 'lab-a': '1' } }],
  ['localStorage as JSON', '{"lab-a":"1","lab-b":"{\\"x\\":1}"}', { localStorage: { 'lab-a': '1', 'lab-b': '{"x":1}' } }],
  ['storageState (Playwright)', JSON.stringify({
    cookies: [{ name: 'lab-a', value: '1', domain: 'shop.example', path: '/', expires: -1, httpOnly: false, secure: false, sameSite: 'Lax' }],
    origins: [{ origin: 'https://shop.example', localStorage: [{ name: 'lab-b', value: '2' }] }],
  }), { Cookies: { 'lab-a': '1' }, localStorage: { 'lab-b': '2' } }],
];
for (const [form, text, stores] of FORMS) {
  test(`${form}: pasted, shown and restored`, async ({ bench, page }) => {
    await bench.open();
    const panel = await bench.tool(SNAPSHOT);
    const preview = await look(panel, text);
    await expect(preview).toContainText(`Read as ${form}.`);
    await preview.getByRole('button', { name: /^Restore \d/ }).click();
    await expect(bench.status).toHaveText(/^Restored \d entr/);
    for (const [store, held] of Object.entries(stores)) expect(await contents(page, store as Store)).toEqual(held);
  });
}

test('what is of no known form is told in words, and stays in the field', async ({ bench, page }) => {
  await bench.open();
  const panel = await bench.tool(SNAPSHOT);
  const field = panel.getByRole('textbox', { name: 'Or paste it here' });
  for (const [text, told] of [
    ['hello', /^This is of no form that is known here\. What can be read: /],
    ['<html>', /^This is a page or another document with tags\./],
    ['[1, 2]', /^This is a list, but not of cookies: /],
    ['[{"name": "lab-a", "value": "1"}', /^Line 1, column \d+: EOF while parsing a list\.$/],
  ] as const) {
    await look(panel, text);
    await expect(field).toHaveAccessibleDescription(told);
    await expect(field).toHaveValue(text);
  }
  expect(await contents(page, 'Cookies')).toEqual({});
  await panel.getByLabel('From a file').setInputFiles({ name: 'cookies.sqlite', mimeType: 'application/octet-stream', buffer: Buffer.from([0x53, 0x51, 0, 0xff]) });
  await expect(field).toHaveAccessibleDescription(/^The file is no text in UTF-8 or UTF-16/);
});

test('a file in UTF-16, as Windows editors save it, is read', async ({ bench, page }) => {
  await bench.open();
  const panel = await bench.tool(SNAPSHOT);
  const buffer = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('lab-city=Zürich 😀', 'utf16le')]);
  await panel.getByLabel('From a file').setInputFiles({ name: 'cookies.txt', mimeType: 'text/plain', buffer });
  await panel.getByRole('button', { name: 'Restore 1 entry' }).click();
  await expect(bench.status).toHaveText('Restored 1 entry from a snapshot.');
  expect(await contents(page, 'Cookies')).toEqual({ 'lab-city': 'Zürich 😀' });
});

test('what is saved for other tools is what they read', async ({ baseURL, bench, browser, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await bench.open();
  await page.evaluate(() => {
    document.cookie = `lab-quoted=it's "é"; Path=/`;
    document.cookie = 'lab-hour=1; Path=/; Max-Age=3600';
  });
  await bench.add('localStorage', 'note', '{"n":1}');
  await bench.shows('Cookies', 'lab-hour', '1');
  const held = await contents(page, 'Cookies');
  const panel = await bench.tool(SNAPSHOT);
  const choose = (form: string) => panel.getByRole('combobox', { name: 'For another tool' }).selectOption(form);
  const copied = async (form: string) => {
    await choose(form);
    await panel.getByRole('button', { name: 'Copy in this form' }).click();
    await expect(bench.status).toHaveText(`Copied the ${form}.`);
    return page.evaluate(() => navigator.clipboard.readText());
  };

  await choose('storageState for Playwright');
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Save in this form' }).click();
  const elsewhere = await browser.newContext({ baseURL, storageState: await (await download).path() });
  const blank = await elsewhere.newPage();
  await blank.goto('/healthz');
  expect(await contents(blank, 'Cookies')).toEqual(held);
  expect(await blank.evaluate(() => localStorage.getItem('lab-note'))).toBe('{"n":1}');
  await elsewhere.close();

  const list = JSON.parse(await copied('cookies as a list for Cookie-Editor')) as { name: string; value: string }[];
  expect(Object.fromEntries(list.map(({ name, value }) => [name, value]))).toEqual(held);
  const lines = (await copied('cookies as cookies.txt (Netscape)')).split('\n').filter((line) => line.includes('\t'));
  expect(Object.fromEntries(lines.map((line) => line.split('\t').slice(5)))).toEqual(held);
  expect(JSON.parse(await copied('localStorage as JSON'))).toMatchObject({ 'lab-note': '{"n":1}' });

  // The program itself tells what the server received.
  const answer = execFileSync(process.execPath, ['-e', await copied('cookies as fetch (Node.js)')], { encoding: 'utf8' });
  const received = (JSON.parse(answer) as { cookies: { name: string; bytes: number }[] }).cookies;
  expect(Object.fromEntries(received.map(({ name, bytes }) => [name, bytes]))).toEqual(
    Object.fromEntries(Object.entries(held).map(([name, value]) => [name, Buffer.byteLength(name + value)])));
});
