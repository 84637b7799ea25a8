// A cookie with every attribute: our verdict is compared with the browser's own, told by DevTools and by its cookie jar.
import type { BrowserContext, CDPSession, Locator, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { logIn } from '../support/people';
import { CookieForm, type Attributes, type Carrier } from '../support/cookie-form';

type Refused = { line: string; reasons: string[] };

/** Collects what DevTools says of refused `Set-Cookie` lines. */
async function refusals(page: Page): Promise<Refused[]> {
  const devtools: CDPSession = await page.context().newCDPSession(page);
  const seen: Refused[] = [];
  devtools.on('Network.responseReceivedExtraInfo', ({ blockedCookies }) => {
    for (const { cookieLine, blockedReasons } of blockedCookies) seen.push({ line: cookieLine, reasons: blockedReasons });
  });
  await devtools.send('Network.enable');
  return seen;
}

/** What the browser's jar holds under a name. */
const inJar = async (context: BrowserContext, name: string) =>
  (await context.cookies()).filter((cookie) => cookie.name === name);

const X = (times: number) => 'x'.repeat(times);

type Case = {
  what: string;
  carrier: Carrier;
  fields: Attributes;
  /** The name under which it is to be found. */
  name?: string;
  kept: boolean;
  /** The rule that the page is to name, and what DevTools calls it over HTTP. */
  why?: RegExp;
  devtools?: string;
};

const MATRIX: Case[] = [
  { what: 'a plain one', carrier: 'script', fields: {}, kept: true },
  { what: 'a plain one', carrier: 'http', fields: {}, kept: true },
  { what: '4,096 bytes', carrier: 'script', fields: { Value: X(4_086) }, kept: true },
  { what: '4,097 bytes', carrier: 'script', fields: { Value: X(4_087) }, kept: false, why: /at most 4,096 bytes/ },
  { what: '4,096 bytes', carrier: 'http', fields: { Value: X(4_086) }, kept: true },
  {
    what: '4,097 bytes', carrier: 'http', fields: { Value: X(4_087) }, kept: false, why: /at most 4,096 bytes/,
    devtools: 'NameValuePairExceedsMaxSize',
  },
  { what: '4,096 bytes, most of them in é', carrier: 'script', fields: { Value: 'é'.repeat(2_043) }, kept: true },
  {
    what: '4,097 bytes, most of them in é', carrier: 'script', fields: { Value: `x${'é'.repeat(2_043)}` }, kept: false,
    why: /at most 4,096 bytes/,
  },
  {
    what: '__Host- with all it needs', carrier: 'script', name: '__Host-lab-trying',
    fields: { Prefix: '__Host-', Secure: true }, kept: true,
  },
  {
    what: '__Host- with a Path of its own', carrier: 'http', name: '__Host-lab-trying',
    fields: { Prefix: '__Host-', Secure: true, Path: '/lab/echo' }, kept: false, why: /__Host- needs Path=\//, devtools: 'InvalidPrefix',
  },
  {
    what: '__Host- with a Domain', carrier: 'http', name: '__Host-lab-trying',
    fields: { Prefix: '__Host-', Secure: true, Domain: 'localhost' }, kept: false, why: /__Host- allows no Domain/, devtools: 'InvalidPrefix',
  },
  {
    what: '__Secure- without Secure', carrier: 'script', name: '__Secure-lab-trying',
    fields: { Prefix: '__Secure-' }, kept: false, why: /__Secure- needs Secure/,
  },
  {
    what: '__Secure- without Secure', carrier: 'http', name: '__Secure-lab-trying',
    fields: { Prefix: '__Secure-' }, kept: false, why: /__Secure- needs Secure/, devtools: 'InvalidPrefix',
  },
  {
    what: '__Http- from a script', carrier: 'script', name: '__Http-lab-trying',
    fields: { Prefix: '__Http-', Secure: true }, kept: false, why: /__Http- or __Host-Http- needs Secure and HttpOnly/,
  },
  {
    what: '__Http- over HTTP', carrier: 'http', name: '__Http-lab-trying',
    fields: { Prefix: '__Http-', Secure: true, HttpOnly: true }, kept: true,
  },
  {
    what: '__Host-Http- without HttpOnly', carrier: 'http', name: '__Host-Http-lab-trying',
    fields: { Prefix: '__Host-Http-', Secure: true }, kept: false, why: /needs Secure and HttpOnly/, devtools: 'InvalidPrefix',
  },
  { what: 'SameSite=None without Secure', carrier: 'script', fields: { SameSite: 'None' }, kept: false, why: /SameSite=None needs Secure/ },
  {
    what: 'SameSite=None without Secure', carrier: 'http', fields: { SameSite: 'None' }, kept: false,
    why: /SameSite=None needs Secure/, devtools: 'SameSiteNoneInsecure',
  },
  { what: 'SameSite=None with Secure', carrier: 'http', fields: { SameSite: 'None', Secure: true }, kept: true },
  // DevTools has no word for this one; the jar has.
  { what: 'Partitioned without Secure', carrier: 'http', fields: { Partitioned: true }, kept: false, why: /Partitioned needs Secure/ },
  { what: 'Partitioned without Secure', carrier: 'script', fields: { Partitioned: true }, kept: false, why: /Partitioned needs Secure/ },
  { what: 'Partitioned with Secure', carrier: 'script', fields: { Partitioned: true, Secure: true }, kept: true },
  { what: 'HttpOnly from a script', carrier: 'script', fields: { HttpOnly: true }, kept: false, why: /script cannot set a cookie that is HttpOnly/ },
  { what: 'HttpOnly over HTTP', carrier: 'http', fields: { HttpOnly: true }, kept: true },
  {
    what: 'the Domain of another host', carrier: 'http', fields: { Domain: 'elsewhere.example' }, kept: false,
    why: /must be this host or one above it/, devtools: 'InvalidDomain',
  },
  { what: 'the Domain of another host', carrier: 'script', fields: { Domain: 'elsewhere.example' }, kept: false, why: /must be this host/ },
  { what: 'a Path of more than 1,024 bytes', carrier: 'script', fields: { Path: `/${X(1_024)}` }, kept: true },
  { what: 'a Path below the echo', carrier: 'script', fields: { Path: '/lab/echo/x' }, kept: true },
  { what: 'both Max-Age and Expires', carrier: 'script', fields: { 'Max-Age': '600', Expires: 'Thu, 01 Jan 1970 00:00:00 GMT' }, kept: true },
];

for (const { what, carrier, fields, name = 'lab-trying', kept, why, devtools } of MATRIX) {
  test(`${what}, by ${carrier}: the page says what the browser did`, async ({ bench, context, page }) => {
    await bench.open();
    const seen = await refusals(page);
    const form = await CookieForm.open(bench);
    await form.fill({ Name: 'trying', Value: 'green', ...fields }, carrier);
    const preview = await form.preview();
    await form.tryIt();

    expect(await inJar(context, name)).toHaveLength(kept ? 1 : 0);
    await expect(form.result.getByRole('heading')).toHaveText(kept ? `The browser kept ${name}.` : `The browser refused ${name}.`);
    if (why) {
      await expect(form.forecast.getByText(why)).toBeVisible();
      await expect(form.why.filter({ hasText: why })).toContainText('Proven here');
    } else {
      await expect(form.why.filter({ hasText: 'Refused:' })).toHaveCount(0);
    }
    const refused = seen.filter(({ line }) => `Set-Cookie: ${line}` === preview);
    if (kept) expect(refused).toEqual([]);
    if (devtools) expect(refused).toMatchObject([{ reasons: expect.arrayContaining([devtools]) }]);
    // What was tried on the way is gone again.
    expect(await inJar(context, 'lab-trial')).toEqual([]);
  });
}

test('a script does not write over a cookie that is HttpOnly, and the page proves it', async ({ baseURL, bench, context, page }) => {
  await context.addCookies([{ name: 'lab-trying', value: 'old', url: baseURL!, httpOnly: true }]);
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying', Value: 'new' }, 'script');
  await expect(form.forecast).toContainText('A script cannot write over a cookie that is HttpOnly');
  await form.tryIt();
  await expect(form.result.getByRole('heading')).toHaveText('The browser refused lab-trying.');
  await expect(form.why.filter({ hasText: 'Proven here' })).toContainText('cannot write over a cookie that is HttpOnly');
  expect(await inJar(context, 'lab-trying')).toMatchObject([{ value: 'old', httpOnly: true }]);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('two broken rules are each proven alone', async ({ bench }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying', Value: '1', SameSite: 'None', Partitioned: true, Domain: 'elsewhere.example' }, 'http');
  await form.tryIt();
  await expect(form.why.filter({ hasText: 'Proven here' })).toHaveCount(3);
});

test('a browser that does not apply a rule differs from the spec, and that is a result', async ({ bench, context, page }) => {
  // As a browser that has never heard of __Http-: what a script writes under it is kept, under a name of its own.
  await page.addInitScript(() => {
    const own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')!;
    Object.defineProperty(Document.prototype, 'cookie', {
      get() { return own.get!.call(this).replaceAll('stand-in-', '__Http-'); },
      set(line) { own.set!.call(this, line.replace(/^__Http-/, 'stand-in-')); },
    });
  });
  await bench.open();
  const form = await CookieForm.open(bench);
  // The size is a rule that it does apply.
  await form.fill({ Name: 'trying', Value: X(4_097), Prefix: '__Http-', Secure: true }, 'script');
  await form.tryIt();
  await expect(form.why.filter({ hasText: 'at most 4,096 bytes' })).toContainText('Proven here');
  await expect(form.why.filter({ hasText: '__Http-' })).toContainText('Your browser differs from the spec');
  expect(await inJar(context, '__Http-lab-trying')).toEqual([]);
});

test('a browser that takes no cookies is not blamed on a rule', async ({ bench, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });
  });
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying', Value: '1', SameSite: 'None' }, 'script');
  await form.tryIt();
  await expect(form.why).toContainText(['For a reason that this page does not know']);
});

test('a cookie that is deleted by its time is called deleted, not refused', async ({ bench, context }) => {
  await bench.open();
  await bench.add('Cookies', 'trying', 'green');
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying', Value: 'green', 'Max-Age': '0' }, 'script');
  await form.tryIt();
  await expect(form.result.getByRole('heading')).toHaveText('The browser keeps no lab-trying: its time has passed.');
  await expect(form.why).toContainText(['A time that has passed deletes the cookie']);
  expect(await inJar(context, 'lab-trying')).toEqual([]);
  await bench.button('Undo').click();
  await bench.shows('Cookies', 'lab-trying', 'green');
});

test('a life of more than 400 days is cut, as the browser itself says', async ({ bench, context }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying', Value: 'green', 'Max-Age': '99999999' }, 'http');
  await form.tryIt();
  await expect(form.why).toContainText(['A cookie lives at most 400 days', /keeps it for (400 d|399 d 23 h)/]);
  const [{ expires } = { expires: 0 }] = await inJar(context, 'lab-trying');
  expect((expires - Date.now() / 1_000) / 86_400).toBeGreaterThan(399);
  expect((expires - Date.now() / 1_000) / 86_400).toBeLessThanOrEqual(400);
});

test('an HttpOnly cookie arrives at the server and not at scripts, deleted and put back over HTTP', async ({ bench, context, page }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying', Value: 'nobody reads this', HttpOnly: true, SameSite: 'Strict' }, 'http');
  await form.tryIt();
  await expect(form.lane('Scripts')).toHaveText('They do not see it: HttpOnly.');
  await expect(form.lane('Server')).toHaveText('It arrived with a request to /lab/echo, 27 bytes.');
  await expect(bench.cell('Cookies', 'lab-trying')).toContainText('the server saw this cookie; scripts cannot: HttpOnly');
  await expect(bench.cell('Cookies', 'lab-trying')).toContainText('••••••••');
  const kept = await inJar(context, 'lab-trying');
  expect(kept).toMatchObject([{ value: 'nobody reads this', httpOnly: true, sameSite: 'Strict' }]);

  await bench.delete('Cookies', 'lab-trying');
  await bench.lacks('Cookies', 'lab-trying');
  expect(await inJar(context, 'lab-trying')).toEqual([]);
  await bench.button('Undo').click();
  await expect(bench.cell('Cookies', 'lab-trying')).toBeVisible();
  expect(await inJar(context, 'lab-trying')).toEqual(kept);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('an HttpOnly cookie of elsewhere can be deleted, and the page says that it cannot be put back', async ({ baseURL, bench, context }) => {
  await context.addCookies([{ name: 'lab-hidden', value: 'somebody’s', url: baseURL!, httpOnly: true }]);
  await bench.open();
  await bench.delete('Cookies', 'lab-hidden');
  await expect(bench.status).toHaveText('Deleted lab-hidden from Cookies. What scripts cannot read cannot be put back.');
  await bench.lacks('Cookies', 'lab-hidden');
  await expect(bench.button('Undo')).toBeHidden();
  expect(await inJar(context, 'lab-hidden')).toEqual([]);
});

test('a cookie for another path is listed with where it travels, also after a reload', async ({ bench, context }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying', Value: 'green', Path: '/lab/echo/x' }, 'script');
  await form.tryIt();
  await expect(form.lane('Scripts')).toHaveText("This page's do not see it: it is for /lab/echo/x.");
  await expect(form.lane('Server')).toHaveText('It arrived with a request to /lab/echo/x, 15 bytes.');
  await expect(bench.cell('Cookies', 'lab-trying')).toContainText('it travels to /lab/echo/x only: Path');
  await bench.open();
  await expect(bench.cell('Cookies', 'lab-trying')).toContainText('it travels to /lab/echo/x only: Path');
  await bench.delete('Cookies', 'lab-trying');
  await bench.lacks('Cookies', 'lab-trying');
  expect(await inJar(context, 'lab-trying')).toEqual([]);
});

test('a cookie for the interface alone is not taken for HttpOnly', async ({ baseURL, bench, context }) => {
  await context.addCookies([{ name: 'lab-api', value: '1', domain: new URL(baseURL!).hostname, path: '/api' }]);
  await bench.open();
  await bench.add('Cookies', 'tea', 'green');
  await expect(bench.cell('Cookies', 'lab-api')).toContainText('it travels to /api/observe only: Path');
});

test('what no request of the page can show is said to be out of sight', async ({ bench }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying', Value: 'green', Path: '/elsewhere' }, 'http');
  await form.tryIt();
  await expect(form.result.getByRole('heading')).toHaveText('What became of lab-trying cannot be seen from here.');
  await expect(form.lane('Server')).toContainText('No request of this page goes to /elsewhere');
});

test('attributes are edited and the edit is undone', async ({ bench, context, page }) => {
  await bench.open();
  await page.evaluate(() => void (document.cookie = 'lab-tea=green; Path=/; Max-Age=3600; Secure; SameSite=Strict'));
  await bench.shows('Cookies', 'lab-tea', 'green');
  const before = await inJar(context, 'lab-tea');
  const form = await CookieForm.edit(bench, 'lab-tea');
  await expect(form.field('Name')).toHaveValue('lab-tea');
  await expect(form.field('Value')).toHaveValue('green');
  await expect(form.form.getByRole('checkbox', { name: 'Secure' })).toBeChecked();
  await expect(form.form.getByRole('combobox', { name: 'SameSite' })).toHaveValue('Strict');
  await form.fill({ HttpOnly: true, SameSite: 'Lax', Expires: '', 'Max-Age': '60', Value: 'black' }, 'http');
  await form.tryIt();
  const [after] = await inJar(context, 'lab-tea');
  expect(after).toMatchObject({ value: 'black', httpOnly: true, sameSite: 'Lax', secure: true });
  await bench.button('Undo').click();
  await bench.shows('Cookies', 'lab-tea', 'green');
  const [undone] = await inJar(context, 'lab-tea');
  expect(undone).toMatchObject({ value: 'green', httpOnly: false, sameSite: 'Strict', secure: true });
  expect(Math.abs(undone!.expires - before[0]!.expires)).toBeLessThan(2);
});

test('a cookie counts down and is gone within a second of its end', async ({ bench, context, page }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'brief', Value: '1', 'Max-Age': '8' }, 'script');
  await form.tryIt();
  const [kept] = await inJar(context, 'lab-brief');
  await expect(bench.cell('Cookies', 'lab-brief')).toContainText(/ends in [5-8] s/);
  await expect(bench.cell('Cookies', 'lab-brief')).toContainText(/ends in [1-4] s/);
  await bench.lacks('Cookies', 'lab-brief');
  const late = await page.evaluate((end) => Date.now() / 1_000 - end, kept!.expires);
  expect(late).toBeLessThan(2);
});

test('the exact line is shown before it is sent, and is what the browser gets', async ({ bench, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying', Value: 'a "b" c', Path: '/', 'Max-Age': '60', Secure: true }, 'script');
  expect(await form.preview()).toBe(
    'document.cookie = "lab-trying=a \\"b\\" c; Max-Age=60; Path=/; SameSite=Lax; Secure"');
  await form.form.getByRole('button', { name: 'Copy the line' }).click();
  await expect(form.form.getByText('Copied.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await form.preview());
  await page.evaluate(() => {
    const own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')!;
    const lines: string[] = [];
    Object.assign(window, { lines });
    Object.defineProperty(document, 'cookie', {
      get: () => own.get!.call(document),
      set: (line) => { lines.push(line); own.set!.call(document, line); },
    });
  });
  await form.tryIt();
  expect(await page.evaluate(() => (window as unknown as { lines: string[] }).lines[0])).toBe(
    'lab-trying=a "b" c; Max-Age=60; Path=/; SameSite=Lax; Secure');
});

test('a line from elsewhere is taken apart into the fields', async ({ bench }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.paste('Set-Cookie: __Host-lab-id=42; path=/; SECURE; httponly; samesite=strict; Max-Age=60');
  await form.form.getByRole('combobox', { name: 'Set it through' }).selectOption('http');
  expect(await form.preview()).toBe('Set-Cookie: __Host-lab-id=42; path=/; SECURE; httponly; samesite=strict; Max-Age=60');
  // A field that is changed makes the line anew.
  await form.field('Value').fill('43');
  expect(await form.preview()).toBe('Set-Cookie: __Host-lab-id=43; Max-Age=60; Path=/; SameSite=Strict; Secure; HttpOnly');
});

test('a name that is not the lab’s cannot be set, and the login cookie cannot be edited', async ({ bench, context, page, user }) => {
  await logIn(page.request, user);
  const before = await context.cookies();
  await bench.open();
  await expect(bench.cell('Cookies', '__Host-session')).toBeVisible();
  await expect(bench.row('__Host-session').getByRole('button', { name: /Edit|Delete/ })).toHaveCount(0);
  const form = await CookieForm.open(bench);
  await form.fill({ Name: '__Host-session', Value: 'stolen' }, 'http');
  expect(await form.preview()).toContain('Set-Cookie: lab-__Host-session=stolen');
  await form.fill({ Name: '', Value: 'nameless' }, 'script');
  await form.form.getByRole('button', { name: 'Try it' }).click();
  await expect(form.form.getByRole('alert')).toHaveText('Give it a name.');
  const answer = await page.request.post('/lab/cookie', { form: { line: '__Host-session=stolen; Secure; Path=/' } });
  expect(answer.ok()).toBe(false);
  expect(await context.cookies()).toEqual(before);
});

test('the form is filled, tried and closed with the keyboard alone', async ({ bench, context, page }) => {
  await bench.open();
  const opener = bench.menuButton('Cookies');
  await opener.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'Cookies menu' }).getByRole('button', { name: 'Cookie with attributes' }).focus();
  await page.keyboard.press('Enter');
  const form = new CookieForm(bench);
  await expect(form.form.getByRole('combobox', { name: 'Set it through' })).toBeFocused();
  const type = async (goal: Locator, text: string) => {
    while (!(await goal.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab');
    await page.keyboard.type(text);
  };
  await type(form.field('Name'), 'keys');
  await type(form.field('Value'), 'green');
  await type(form.form.getByRole('checkbox', { name: 'Secure' }), ' ');
  await page.keyboard.press('Enter');
  await expect(form.result).toBeFocused();
  await expect(bench.status).toHaveText('The browser kept lab-keys.');
  expect(await inJar(context, 'lab-keys')).toMatchObject([{ value: 'green', secure: true }]);
  await page.keyboard.press('Escape');
  await expect(form.form).toBeHidden();
  await expect(opener).toBeFocused();
});
