// Cookies that browsers keep and servers may not send, cookies without a name and several of one name: shown, changed, deleted and
// brought back. What there is says the browser's own jar.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from '@playwright/test';
import { CookieForm } from '../support/cookie-form';
import { expect, test } from '../support/fixtures';
import { random } from '../support/random';

type Cookie = { name: string; value: string; path: string; httpOnly: boolean };

/** The jar, without what the lab itself keeps there. */
async function jar(context: BrowserContext, page: Page): Promise<Cookie[]> {
  const devtools = await context.newCDPSession(page);
  const { cookies } = await devtools.send('Network.getAllCookies');
  await devtools.detach();
  const all = cookies.map(({ name, value, path, httpOnly }) => ({ name, value, path, httpOnly }));
  return all.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const byScript = (page: Page, lines: string[]) => page.evaluate((lines) => lines.forEach((line) => (document.cookie = line)), lines);

const overHttp = (page: Page, line: string) =>
  page.evaluate(async (line) => {
    const answer = await fetch('/lab/cookie', { method: 'POST', body: new URLSearchParams({ line }) });
    if (answer.status !== 204) throw new Error(`${answer.status}`);
  }, line);

const ODD = [
  'lab-é=1', 'lab-a b=2', 'lab-c1=a\u0085b', 'lab-quote="q', 'lab-comma,=a,b', 'lab-(x)=<y>', 'lab-back\\=\\',
  'lab-漢\u202e=😀\u2028', 'lab-bom=\ufeff', 'lab-equals==a==', 'LAB-UPPER=1', 'lab-upper=2',
];

test('cookies that no server may send are deleted and put back, octet for octet', async ({ bench, context, page }) => {
  await bench.open();
  await byScript(page, ODD);
  await bench.shows('Cookies', 'lab-upper', '2');
  const before = await jar(context, page);
  expect(before).toHaveLength(ODD.length);
  await bench.clear('Cookies');
  await expect(bench.status).toHaveText(`Deleted ${ODD.length} entries from Cookies.`);
  expect(await jar(context, page)).toEqual([]);
  await bench.button('Undo').click();
  await expect(bench.status).toHaveText(/^Undone/);
  expect(await jar(context, page)).toEqual(before);
});

test('a snapshot brings back what no server may send, and announces nothing that is refused', async ({ bench, context, page }) => {
  await bench.open();
  await byScript(page, [...ODD, 'lonely-value']);
  await bench.shows('Cookies', 'lab-upper', '2');
  const before = await jar(context, page);
  const panel = await bench.tool('Snapshot');
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Save snapshot' }).click();
  const file = readFileSync(await (await download).path(), 'utf8');
  await context.clearCookies();
  await bench.open();
  await bench.tool('Snapshot');
  await panel.getByRole('textbox', { name: 'Or paste it here' }).fill(file);
  await panel.getByRole('button', { name: 'Look at it' }).click();
  await expect(panel.getByRole('group', { name: 'What would happen' })).not.toContainText('Will not be restored');
  await panel.getByRole('button', { name: /^Restore/ }).click();
  await expect(bench.status).toHaveText(/^Restored/);
  expect(await jar(context, page)).toEqual(before);
});

test('an odd cookie is edited, also one that is HttpOnly is deleted', async ({ bench, context, page }) => {
  await bench.open();
  await byScript(page, ['lab-a b=2']);
  await bench.edit('Cookies', 'lab-a b', 'x, "y" \u0085\\');
  await bench.shows('Cookies', 'lab-a b', 'x, "y" \\u0085\\');
  expect(await jar(context, page)).toMatchObject([{ name: 'lab-a b', value: 'x, "y" \u0085\\' }]);
  await overHttp(page, 'lab-é\u0085=tea; HttpOnly; Path=/');
  await bench.open();
  await bench.grid.getByRole('row').filter({ hasText: 'lab-é' }).getByRole('button', { name: /^Delete .* from Cookies$/ }).click();
  await expect(bench.status).toContainText('cannot be put back');
  expect((await jar(context, page)).map(({ name }) => name)).toEqual(['lab-a b']);
});

for (const line of ['lonely-value', '=lonely-value']) {
  test(`a cookie without a name, set as ${line}, is shown, deleted and put back`, async ({ bench, context, page }) => {
    await bench.open();
    await byScript(page, [line, 'lab-tea=green']);
    await bench.shows('Cookies', 'lab-tea', 'green');
    const row = bench.grid.getByRole('row').filter({ hasText: 'lonely-value' });
    await row.getByRole('button', { name: /^Delete .*from Cookies$/ }).click();
    await expect(row).toHaveCount(0);
    expect((await jar(context, page)).map(({ name }) => name)).toEqual(['lab-tea']);
    await bench.button('Undo').click();
    await expect(row).toHaveCount(1);
    expect(await jar(context, page)).toMatchObject([{ name: '', value: 'lonely-value', path: '/' }, { name: 'lab-tea' }]);
  });
}

test('of two cookies without a name for two paths one is deleted and the other stays', async ({ bench, context, page }) => {
  await bench.open();
  await byScript(page, ['elsewhere; Path=/lab', 'a=b=c', 'lonely']);
  await bench.shows('Cookies', 'a', 'b=c');
  const row = bench.grid.getByRole('row').filter({ hasText: 'lonely' });
  await row.getByRole('button', { name: /^Delete .*from Cookies$/ }).click();
  await expect(row).toHaveCount(0);
  expect(await jar(context, page)).toMatchObject([{ name: '', value: 'elsewhere', path: '/lab' }, { name: 'a', value: 'b=c' }]);
});

test('exports write a cookie without a name as the browser sends it', async ({ bench, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await bench.open();
  await byScript(page, ['lonely-value']);
  await expect(bench.grid.getByRole('row').filter({ hasText: 'lonely-value' })).toHaveCount(1);
  const panel = await bench.tool('Snapshot');
  const copied = async (name: RegExp) => {
    await panel.getByRole('button', { name }).first().click();
    await expect(bench.status).toHaveText(/^Copied/);
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied(/curl/)).toContain('Cookie: lonely-value');
  const statements = await copied(/document\.cookie|statement|console/i);
  expect(statements).toContain('document.cookie = "lonely-value; ');
  await context.clearCookies();
  // The page's policy lets nobody run a text.
  await byScript(page, [JSON.parse(/= (".*");/.exec(statements)![1]!) as string]);
  expect(await jar(context, page)).toMatchObject([{ name: '', value: 'lonely-value' }]);
});

test('a cookie of octets that are no text is not put back as something else', async ({ baseURL, bench, context, page }) => {
  const host = new URL(baseURL!).hostname;
  // Each character of these is one octet on the wire.
  const server = createServer((_, answer) => answer.setHeader('set-cookie', ['lab-latin=caf\u00e9; Path=/', 'other=\u00e9t\u00e9; Path=/']).end());
  await new Promise<void>((done) => server.listen(0, host, done));
  await page.goto(`http://${host}:${(server.address() as AddressInfo).port}/`);
  server.close();
  await bench.open();
  await expect(bench.cell('Cookies', 'lab-latin')).toContainText('its octets are no UTF-8, and scripts do not read those');
  const panel = await bench.tool('Snapshot');
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Save snapshot' }).click();
  const file = readFileSync(await (await download).path(), 'utf8');
  for (const name of ['lab-latin', 'other']) {
    await bench.delete('Cookies', name);
    await expect(bench.status).toHaveText(`Deleted ${name} from Cookies. What scripts cannot read cannot be put back.`);
  }
  await expect(bench.button('Undo')).toBeHidden();
  expect(await jar(context, page)).toEqual([]);
  await panel.getByRole('textbox', { name: 'Or paste it here' }).fill(file);
  await panel.getByRole('button', { name: 'Look at it' }).click();
  await expect(panel.getByRole('group', { name: 'What would happen' })).toContainText('it held octets that are no UTF-8');
});

test('two cookies of one name, one of them for /lab and HttpOnly, are two rows, and each is deleted alone', async ({ bench, context, page }) => {
  await bench.open();
  await overHttp(page, 'lab-dup=sub; Path=/lab; HttpOnly');
  await overHttp(page, 'lab-dup=root; Path=/');
  await bench.open();
  await expect(bench.names().filter({ hasText: 'lab-dup' })).toHaveCount(2);
  const hidden = bench.grid.getByRole('row').filter({ hasText: 'lab-dup' }).filter({ hasText: 'it travels to /lab/echo only: Path' });
  await hidden.getByRole('button', { name: /^Delete lab-dup .*from Cookies$/ }).click();
  await expect(hidden).toHaveCount(0);
  expect(await jar(context, page)).toMatchObject([{ name: 'lab-dup', value: 'root' }]);
  await overHttp(page, 'lab-dup=sub; Path=/lab; HttpOnly');
  await bench.open();
  await expect(hidden).toHaveCount(1);
  await bench.delete('Cookies', 'lab-dup');
  await expect(bench.names().filter({ hasText: 'lab-dup' })).toHaveCount(1);
  expect(await jar(context, page)).toMatchObject([{ name: 'lab-dup', value: 'sub', path: '/lab' }]);
});

/** What a row says of a cookie that no script sees, by its path. */
const HIDDEN: Record<string, string> = {
  '/': 'scripts cannot: HttpOnly', '/api': 'it travels to /api/observe only: Path', '/lab': 'it travels to /lab/echo only: Path',
};

for (const paths of [['/api', '/lab'], ['/', '/api', '/lab']]) {
  test(`hidden cookies of one name and one size for ${paths.join(' and ')} are a row each, and each is deleted alone`, async ({ bench, context, page }) => {
    const rows = bench.grid.getByRole('row').filter({ hasText: 'lab-same' });
    for (const gone of paths) {
      await bench.open();
      for (const path of paths) await overHttp(page, `lab-same=${path.length}; Path=${path}; HttpOnly`);
      await bench.open();
      // Where nothing arrives at `/`, nobody knows of the others before the page looks again.
      if (!paths.includes('/')) await page.evaluate(() => dispatchEvent(new Event('focus')));
      await expect(rows).toHaveCount(paths.length);
      for (const path of paths) await expect(rows.filter({ hasText: HIDDEN[path] })).toHaveCount(1);
      await rows.filter({ hasText: HIDDEN[gone] }).getByRole('button', { name: /^Delete lab-same .*from Cookies$/ }).click();
      await expect(rows).toHaveCount(paths.length - 1);
      await expect(rows.filter({ hasText: HIDDEN[gone] })).toHaveCount(0);
      expect((await jar(context, page)).map(({ path }) => path).toSorted()).toEqual(paths.filter((path) => path !== gone));
    }
    await overHttp(page, 'lab-same=1; Path=/api; HttpOnly');
    await bench.open();
    await bench.button('Reset the lab').click();
    await page.getByRole('dialog', { name: 'Reset the lab' }).getByRole('button', { name: 'Reset', exact: true }).click();
    await expect(bench.status).toHaveText(/^Reset the lab: removed (\d+) of \1\./);
    expect(await jar(context, page)).toEqual([]);
  });
}

test('a hidden cookie of the size and name of one that this tab made for another path is not taken for it', async ({ bench, context, page }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'same', Value: '1', Path: '/lab', HttpOnly: true }, 'http');
  await form.tryIt();
  await expect(form.result.getByRole('heading')).toHaveText('The browser kept lab-same.');
  await overHttp(page, 'lab-same=2; Path=/api; HttpOnly');
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  const row = bench.grid.getByRole('row').filter({ hasText: HIDDEN['/api'] });
  await row.getByRole('button', { name: /^Delete lab-same .*from Cookies$/ }).click();
  await expect(row).toHaveCount(0);
  expect(await jar(context, page)).toMatchObject([{ name: 'lab-same', value: '1', path: '/lab' }]);
});

const SIBLINGS = [
  'lab-dup=root; Path=/', 'lab-dup=sub; Path=/lab; HttpOnly', 'lab-dup=echo; Path=/lab/echo; HttpOnly', 'lab-dup=api; Path=/api; HttpOnly',
  'lab-dup=split; Path=/; Secure; Partitioned', 'lab-two=1; Path=/; HttpOnly', 'lab-two=2; Path=/; HttpOnly; Secure; Partitioned', 'LAB-two=3; Path=/',
  'lab-alone=1; Path=/lab; HttpOnly', 'lab-alone=2; Path=/api/observe; HttpOnly', 'lab-alone=3; Path=/echo; HttpOnly',
];
/** Their names of which there is one that no script sees. */
const HIDDEN_NAMES = 3;

test('a reset removes every cookie of the lab, several of one name among them', async ({ bench, context, page }) => {
  await bench.open();
  for (const line of SIBLINGS) await overHttp(page, line);
  expect(await jar(context, page)).toHaveLength(SIBLINGS.length);
  await bench.open();
  await bench.button('Reset the lab').click();
  const dialog = page.getByRole('dialog', { name: 'Reset the lab' });
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().endsWith('/lab/cookie'))));
  await dialog.getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(bench.status).toHaveText(/^Reset the lab: removed (\d+) of \1\./);
  expect(await jar(context, page)).toEqual([]);
  expect(asked, 'one request for each name that scripts do not see').toBe(HIDDEN_NAMES);
});

test('a lab that holds nothing but a cookie for /lab is reset as well', async ({ bench, context, page }) => {
  await bench.open();
  await overHttp(page, 'lab-alone=1; Path=/lab; HttpOnly');
  await bench.open();
  await bench.button('Reset the lab').click();
  await page.getByRole('dialog', { name: 'Reset the lab' }).getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(bench.status).toHaveText(/^Reset the lab: removed (\d+) of \1\./);
  expect(await jar(context, page)).toEqual([]);
});

test('a reset that leaves a cookie says which', async ({ bench, context, page }) => {
  await bench.open();
  await overHttp(page, 'lab-stays=1; Path=/lab; HttpOnly');
  await bench.open();
  // As a browser that keeps what it was told to delete.
  await page.route('/lab/cookie', (route) => route.fulfill({ status: 204 }));
  await bench.button('Reset the lab').click();
  await page.getByRole('dialog', { name: 'Reset the lab' }).getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(bench.status).toContainText('lab-stays in Cookies: The browser kept it');
  await expect(bench.status).not.toHaveText(/removed (\d+) of \1\./);
  expect(await jar(context, page)).toMatchObject([{ name: 'lab-stays' }]);
});

test('a hundred cookies of any octets that browsers keep come back by Undo as they were', async ({ bench, context, page }) => {
  const SEED = Number(process.env.STORAGE_LAB_SEED ?? Date.now() % 1_000_000);
  const next = random(SEED);
  const character = (not: string): string => {
    const code = Math.floor(next() * (next() < 0.5 ? 0x80 : next() < 0.7 ? 0x3000 : 0x11_0000));
    // A tab is kept by the specification, and refused by Chromium.
    const isControl = code < 0x20 || code === 0x7f;
    const is = isControl || (code >= 0xd800 && code < 0xe000) ? '' : String.fromCodePoint(code);
    return is === '' || not.includes(is) ? character(not) : is;
  };
  const text = (length: number, not: string) => Array.from({ length }, () => character(not)).join('');
  const lines = Array.from({ length: 100 }, (_, at) => `lab-${String(at).padStart(2, '0')}${text(Math.floor(next() * 8), '=;')}=${text(Math.floor(next() * 20), ';')}`);
  test.info().annotations.push({ type: 'seed', description: `STORAGE_LAB_SEED=${SEED}` });
  await bench.open();
  await byScript(page, lines);
  await bench.counts(100);
  const before = await jar(context, page);
  expect(before, `STORAGE_LAB_SEED=${SEED}`).toHaveLength(100);
  await bench.clear('Cookies');
  await bench.counts(0);
  expect(await jar(context, page)).toEqual([]);
  await bench.button('Undo').click();
  await expect(bench.status).toHaveText(/^Undone/);
  expect(await jar(context, page), `STORAGE_LAB_SEED=${SEED}`).toEqual(before);
});
