// Snapshots: what is in the file, what comes back from it, and what is said of the rest.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Bench, STORES } from '../support/bench';
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

test('what the browser refuses is listed with its reason, and the rest is restored', async ({ bench, page }) => {
  await bench.open();
  const panel = await bench.tool(SNAPSHOT);
  const preview = await look(
    panel,
    snapshot(['cookies', [{ name: 'lab-big', value: 'x'.repeat(4_090) }, { name: 'lab-tea', value: 'green' }]]),
  );
  await preview.getByRole('button', { name: 'Restore 2 entries' }).click();
  await expect(bench.status).toHaveText('Restored 1 of 2 entries; the panel says why not the others.');
  await expect(panel.getByRole('group', { name: 'What came of it' })).toContainText(
    'lab-big in Cookies. Refused: The browser dropped it: name and value are 4,097 bytes',
  );
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
  const command = await copied('Copy cookies as curl');
  const given = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }; ${command}`], { encoding: 'utf8' });
  const pairs = Object.entries(held).map(([name, value]) => `${name}=${value}`).join('; ');
  expect(given).toBe(`${baseURL}/lab/echo\n-H\nCookie: ${pairs}\n`);

  const statements = await copied('Copy cookies as document.cookie');
  const elsewhere = await browser.newContext({ baseURL });
  const blank = await elsewhere.newPage();
  await blank.goto('/healthz');
  const devtools = await elsewhere.newCDPSession(blank);
  await devtools.send('Runtime.evaluate', { expression: statements });
  expect(await contents(blank, 'Cookies')).toEqual(held);
  await elsewhere.close();
});
