// A name in full: what each store holds under it, side by side, with its three lanes, its value taken apart, and copies of it.
import { execFileSync } from 'node:child_process';
import type { Locator, Page } from '@playwright/test';
import { inspect } from '../support/accessibility';
import { Bench, STORES } from '../support/bench';
import { CookieForm } from '../support/cookie-form';
import { expect, test } from '../support/fixtures';
import { logIn } from '../support/people';

// The example of RFC 7519 §3.1.
const TOKEN =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

const lane = (inspector: Locator, title: string) =>
  inspector.getByRole('term').filter({ hasText: title }).locator('xpath=following-sibling::dd[1]');
const show = (inspector: Locator, form: string) => inspector.getByRole('combobox', { name: 'Show value' }).selectOption(form);

test('each store says who sees its entry, and how what scripts and server see differs', async ({ bench, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await bench.putAndWait('tea', 'green');

  let inspector = await bench.inspect('__Host-session', 'Cookies');
  await expect(lane(inspector, 'The difference')).toHaveText('The server saw this cookie; scripts cannot: HttpOnly.');
  await expect(lane(inspector, 'What the server holds')).toContainText('a hash of the secret');
  await page.keyboard.press('Escape');

  // The stores of a name stand beside each other.
  inspector = await bench.inspect('lab-tea', 'Cookies');
  await expect(lane(inspector, 'The difference')).toHaveText('None: scripts and server see the same cookie.');
  await expect(lane(inspector, 'What travelled')).toContainText('12 bytes');
  inspector = bench.inspector('lab-tea').getByRole('region', { name: 'sessionStorage' });
  await expect(lane(inspector, 'The difference')).toHaveText('It stays in the browser: sessionStorage is never sent.');
  inspector = bench.inspector('lab-tea').getByRole('region', { name: 'Server session' });
  await expect(lane(inspector, 'The difference')).toHaveText(
    'The server holds the value; what travelled is only the id, in __Host-session.');
});

test('the inspector takes the focus and gives it back', async ({ bench, page }) => {
  await bench.open();
  await bench.add('localStorage', 'tea', 'green');
  await bench.inspectButton('lab-tea').click();
  const inspector = bench.inspector('lab-tea');
  await expect(inspector.getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(inspector).toBeHidden();
  await expect(bench.inspectButton('lab-tea')).toBeFocused();
});

test('an entry is shown though the one before it was closed in the same moment', async ({ bench }) => {
  await bench.open();
  await bench.add('localStorage', 'tea', 'green');
  await bench.add('localStorage', 'cup', 'white');
  const first = await bench.inspect('lab-tea', 'localStorage');
  await expect(lane(first, 'The difference')).toBeVisible();
  // The browser tells of the closing only after this.
  await bench.button('Inspect lab-cup').evaluate((button) => {
    document.querySelector('dialog')!.close();
    button.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  });
  const second = bench.inspector('lab-cup').getByRole('region', { name: 'localStorage' });
  await expect(lane(second, 'The difference')).toBeVisible();
  await bench.page.keyboard.press('Escape');
  await expect(second).toBeHidden();
});

test('a name’s stores are beside each other, with what differs and what is missing', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  await bench.inspectButton('lab-tea').click();
  const inspector = bench.inspector('lab-tea');
  const region = (name: string) => inspector.getByRole('region', { name, exact: true });
  for (const store of STORES) await expect(region(store).getByLabel('Value', { exact: true })).toHaveText('green');
  await expect(region('Differences')).toHaveCount(0);
  await page.keyboard.press('Escape');

  await bench.edit('localStorage', 'lab-tea', 'green with jasmine');
  await bench.shows('localStorage', 'lab-tea', 'green with jasmine');
  await bench.delete('sessionStorage', 'lab-tea');
  await bench.lacks('sessionStorage', 'lab-tea');
  await bench.inspectButton('lab-tea').click();
  await expect(region('Differences').getByRole('listitem')).toHaveText([
    'Cookies, Server session: green', 'localStorage: green with jasmine',
  ]);
  await expect(region('Differences').getByRole('group', { name: 'The difference' }).getByRole('insertion').last()).toContainText('with jasmine');
  await expect(region('sessionStorage')).toContainText('Not here.');
  await expect(region('localStorage').getByLabel('Value', { exact: true })).toHaveText('green with jasmine');
});

test('cookies of one name are parts of their store, each by itself', async ({ bench }) => {
  await bench.open();
  await bench.add('Cookies', 'tea', 'green');
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'tea', Value: 'black', Path: '/lab/echo/x' }, 'script');
  await form.tryIt();
  const cookies = await bench.inspect('lab-tea', 'Cookies');
  await expect(lane(cookies.getByRole('group', { name: 'lab-tea, path /lab/echo/x' }), 'Path')).toHaveText('/lab/echo/x');
  await expect(cookies.getByRole('group', { name: /^lab-tea, path / })).toHaveCount(2);
});

test('a cookie’s attributes are told as far as they are known', async ({ baseURL, bench, context }) => {
  await context.addCookies([
    { name: 'lab-strict', value: '1', url: baseURL!, sameSite: 'Strict' },
    { name: 'lab-hidden', value: '1', url: baseURL!, httpOnly: true },
  ]);
  await bench.open();
  let inspector = await bench.inspect('lab-strict', 'Cookies');
  await expect(lane(inspector, 'SameSite')).toHaveText('Strict');
  await expect(lane(inspector, 'Secure')).toHaveText('no');
  await expect(lane(inspector, 'Path')).toHaveText('/');
  await bench.page.keyboard.press('Escape');
  inspector = await bench.inspect('lab-hidden', 'Cookies');
  await expect(lane(inspector, 'HttpOnly')).toHaveText('yes');
  await expect(lane(inspector, 'SameSite')).toHaveText('not told to scripts');
});

test('a value is shown as it is, decoded, as a tree, as a token, as a time', async ({ bench, page }) => {
  const values = {
    'lab-json': '%7B%22tea%22%3A%7B%22kind%22%3A%22green%22%7D%2C%22cups%22%3A%5B1%2C2%5D%7D',
    'lab-time': '1795579200',
    'lab-token': TOKEN,
  };
  await page.goto('/healthz');
  await page.evaluate((values) => Object.entries(values).forEach(([name, value]) => localStorage.setItem(name, value)), values);
  await bench.open();

  let inspector = await bench.inspect('lab-json', 'localStorage');
  await expect(inspector.getByLabel('Value', { exact: true })).toHaveText(values['lab-json']);
  await show(inspector, 'URL-decoded');
  await expect(inspector.getByLabel('Value', { exact: true })).toHaveText('{"tea":{"kind":"green"},"cups":[1,2]}');
  await show(inspector, 'JSON tree');
  await expect(inspector.getByText('kind')).toHaveCount(0);
  await inspector.locator('summary', { hasText: 'tea' }).focus();
  await page.keyboard.press('Enter');
  await expect(inspector.getByText('"green"')).toBeVisible();
  await page.keyboard.press('Escape');

  inspector = await bench.inspect('lab-time', 'localStorage');
  await show(inspector, 'time in words');
  await expect(inspector).toContainText(/As seconds since 1970: Wed, 25 Nov 2026 04:00:00 GMT, (in )?\d/);
  await page.keyboard.press('Escape');

  inspector = await bench.inspect('lab-token', 'localStorage');
  await show(inspector, 'JWT parts');
  await expect(inspector).toContainText('"HS256"');
  await expect(inspector).toContainText('never verified');
  await expect(lane(inspector, 'expires')).toContainText('Tue, 22 Mar 2011 18:43:00 GMT');
  await expect(lane(inspector, 'signature')).toContainText('32 bytes: 74 18 df');
});

/** Puts values into localStorage behind the bench’s back, and opens it. */
async function held(page: Page, bench: Bench, values: Record<string, string>): Promise<void> {
  await page.goto('/healthz');
  await page.evaluate((values) => Object.entries(values).forEach(([name, value]) => localStorage.setItem(name, value)), values);
  await bench.open();
}

test('JSON is shown as it is written: digits, names that stand twice, escapes', async ({ bench, page }) => {
  await held(page, bench, {
    'lab-json': '{"id":12345678901234567890123,"price":1.10,"one":1.0,"far":1e400,"half":"a\\ud83db","id":2}',
    'lab-broken': '{"a":1,\n"b":tea}',
  });
  let inspector = await bench.inspect('lab-json', 'localStorage');
  await show(inspector, 'JSON tree');
  await expect(inspector).toContainText('id stands 2 times. Most readers keep the last alone.');
  await expect(inspector.locator('.leaf')).toHaveText(['12345678901234567890123', '1.10', '1.0', '1e400', '"a\\ud83db"', '2']);
  await page.keyboard.press('Escape');
  inspector = await bench.inspect('lab-broken', 'localStorage');
  await show(inspector, 'why it is no JSON');
  await expect(inspector).toContainText('It begins like JSON, but is none. Line 2, column 6: expected ident.');
});

test('a list of thousands is shown to its end, part by part', async ({ bench, page }) => {
  await held(page, bench, { 'lab-list': JSON.stringify(Array.from({ length: 450 }, (_, at) => `item ${at}`)) });
  const inspector = await bench.inspect('lab-list', 'localStorage');
  await show(inspector, 'JSON tree');
  const leaves = inspector.locator('.leaf');
  await expect(leaves).toHaveCount(200);
  await inspector.getByRole('button', { name: 'Show more of the 250 that are left' }).click();
  await expect(leaves).toHaveCount(400);
  await inspector.getByRole('button', { name: 'Show more of the 50 that are left' }).click();
  await expect(leaves.last()).toHaveText('"item 449"');
  await expect(leaves).toHaveCount(450);
});

test('what is within a value is unfolded, however deep', async ({ bench, page }) => {
  const inner = JSON.stringify({ id: 1, token: TOKEN });
  await held(page, bench, {
    'lab-nested': JSON.stringify({ user: JSON.stringify({ more: encodeURIComponent(inner) }) }),
    'lab-express': encodeURIComponent(`s:j:{"cart":[7]}.${'a'.repeat(43)}`),
  });
  let inspector = await bench.inspect('lab-nested', 'localStorage');
  await show(inspector, 'JSON tree');
  const unfold = async (text: string) => inspector.locator('summary', { hasText: text }).last().click();
  await unfold('inside: JSON tree');
  await expect(inspector.locator('summary', { hasText: 'inside: JSON tree' })).toHaveCount(2);
  await unfold('inside: JSON tree');
  await expect(inspector).toContainText('Taken off first: URL encoding.');
  await unfold('inside: JWT parts');
  await expect(lane(inspector, 'expires')).toContainText('Tue, 22 Mar 2011 18:43:00 GMT');
  await page.keyboard.press('Escape');

  inspector = await bench.inspect('lab-express', 'localStorage');
  await show(inspector, 'signed value (Express)');
  await expect(inspector).toContainText('The signature is not verified.');
  await inspector.locator('summary', { hasText: 'inside: JSON tree' }).click();
  await expect(inspector).toContainText('Taken off first: j: (Express).');
});

test('of a token’s claim that stands twice the last counts, and that is told', async ({ bench, page }) => {
  const part = (text: string) => Buffer.from(text).toString('base64url');
  const token = `${part('{"alg":"HS256"}')}.${part('{"exp":1000000000,"exp":4000000000,"nbf":"soon"}')}.c2ln`;
  await held(page, bench, { 'lab-twice': `Bearer ${token}` });
  const inspector = await bench.inspect('lab-twice', 'localStorage');
  await show(inspector, 'JWT parts');
  await expect(inspector).toContainText('In the payload exp stands 2 times, of which the last counts (RFC 7519 §4).');
  await expect(lane(inspector, 'expires')).toContainText('Tue, 02 Oct 2096 07:06:40 GMT');
  await expect(lane(inspector, 'not valid before')).toContainText('"soon" is no number, as RFC 7519 §2 asks of nbf');
});

test('a time without a zone is told in both, and an unknown token by what is known of it', async ({ bench, page }) => {
  await held(page, bench, { 'lab-local': '2026-11-25T04:00:00', 'lab-opaque': 'k3v9q0zt5m2x7w1b4n8c6r2f9d' });
  let inspector = await bench.inspect('lab-local', 'localStorage');
  await show(inspector, 'time in words');
  const local = await page.evaluate(() => new Date('2026-11-25T04:00:00').toUTCString());
  await expect(inspector).toContainText('As ISO 8601: no zone is given. By UTC it would be Wed, 25 Nov 2026 04:00:00 GMT');
  await expect(inspector).toContainText(`by this browser’s clock, ${local}`);
  await page.keyboard.press('Escape');
  inspector = await bench.inspect('lab-opaque', 'localStorage');
  await show(inspector, 'what can be told');
  await expect(lane(inspector, 'alphabet')).toHaveText('small letters and digits');
});

test('a value that is taken apart is accessible', async ({ bench, page }) => {
  await held(page, bench, { 'lab-json': JSON.stringify({ token: TOKEN, at: 1795579200, form: 'a=1&b=2' }) });
  const inspector = await bench.inspect('lab-json', 'localStorage');
  await show(inspector, 'JSON tree');
  for (const inside of ['JWT parts', 'time in words', 'form fields']) {
    await inspector.locator('summary', { hasText: `inside: ${inside}` }).last().click();
  }
  await inspect(page);
});

test('a long value is taken apart on request only', async ({ bench, page }) => {
  await page.goto('/healthz');
  await page.evaluate(() => localStorage.setItem('lab-long', JSON.stringify({ text: 'x'.repeat(300_000) })));
  await bench.open();
  const inspector = await bench.inspect('lab-long', 'localStorage');
  await expect(inspector.getByRole('option')).toHaveText(['as it is']);
  await inspector.getByRole('button', { name: 'Take it apart' }).click();
  await expect(inspector.getByRole('option')).toHaveText(['as it is', 'JSON tree']);
});

test('an entry is copied as its value, as a script, for the shell that is named and as JSON', async ({ bench, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await bench.open();
  await bench.add('Cookies', 'tea', `it's "green" $HOME`);
  await bench.shows('Cookies', 'lab-tea', `it's "green" $HOME`);
  const inspector = await bench.inspect('lab-tea', 'Cookies');
  const copy = async (as: string) => {
    await inspector.getByRole('button', { name: `Copy as ${as}` }).click();
    await expect(inspector.getByRole('status')).toHaveText(`Copied as ${as}.`);
    return clipboard();
  };

  expect(await copy('value')).toBe(`it's "green" $HOME`);
  expect(JSON.parse(await copy('JSON'))).toEqual({ store: 'Cookies', name: 'lab-tea', value: `it's "green" $HOME`, bytes: 25 });
  // The shell itself tells which words it reads.
  const words = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }; ${await copy('curl (POSIX shell)')}`], { encoding: 'utf8' });
  expect(words).toBe(`-H\nCookie: lab-tea=it's "green" $HOME\n${page.url()}\n`);
  await inspector.getByText('For other shells and programs').click();
  expect(await copy('curl (Windows cmd)')).toBe(`curl -H ^"Cookie: lab-tea=it's \\^"green\\^" $HOME^" ^"${page.url()}^"`);
  expect(await copy('curl (PowerShell)')).toContain(`curl.exe -H 'Cookie: lab-tea=it''s \\"green\\" $HOME' '${page.url()}'`);
  const script = await copy('document.cookie');
  await page.keyboard.press('Escape');
  await bench.delete('Cookies', 'lab-tea');
  await bench.lacks('Cookies', 'lab-tea');
  const devtools = await context.newCDPSession(page);
  await devtools.send('Runtime.evaluate', { expression: script });
  await bench.shows('Cookies', 'lab-tea', `it's "green" $HOME`);
});

test('where the browser does not let a page copy, the text can be copied by hand', async ({ bench, page }) => {
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await bench.open();
  await bench.add('localStorage', 'tea', 'green');
  const inspector = await bench.inspect('lab-tea', 'localStorage');
  await inspector.getByRole('button', { name: 'Copy as setItem' }).click();
  await expect(inspector.getByRole('status')).toContainText('does not let this page copy');
  await expect(inspector.getByRole('textbox', { name: 'To be copied' })).toHaveValue('localStorage.setItem("lab-tea", "green");');
  await expect(inspector.getByRole('textbox', { name: 'To be copied' })).toBeFocused();
});

test('an entry that goes while it is inspected says so', async ({ bench, context }) => {
  await bench.open();
  await bench.add('localStorage', 'tea', 'green');
  const inspector = await bench.inspect('lab-tea', 'localStorage');
  const other = await context.newPage();
  await other.goto('/healthz');
  await other.evaluate(() => localStorage.clear());
  await expect(inspector).toContainText('It is not there any more.');
});
