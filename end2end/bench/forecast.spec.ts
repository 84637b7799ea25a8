// What the page forecasts of a line, compared with what Chromium makes of it, told by DevTools. Lines of every kind come from a seed,
// which a failure names: STORAGE_LAB_SEED=… runs the same ones again.
import type { CDPSession } from '@playwright/test';
import { CookieForm } from '../support/cookie-form';
import {
  CookieOracle, DIFFERENCES, type Forecast, handOver, isAsForecast, isNameless, isSaidToDiffer, lines, readForecasts, seenBy,
} from '../support/cookie-lines';
import { expect, test } from '../support/fixtures';

const LINES = 300;
const SEED = Number(process.env.STORAGE_LAB_SEED ?? Date.now() % 1_000_000);

type Kept = Awaited<ReturnType<typeof jar>>[number];

async function jar(devtools: CDPSession) {
  return (await devtools.send('Network.getAllCookies')).cookies;
}

/** What is not as it was forecast. */
function wrong({ verdict, facts }: Forecast, kept: Kept[], host: string, now: number): string[] {
  if (!verdict.startsWith('kept')) return kept.length === 0 ? [] : [`${verdict}, but kept`];
  const [cookie] = kept;
  if (!cookie) return ['kept, but it is not there'];
  const found: string[] = [];
  const same = (what: string, expected: unknown, is: unknown) => {
    if (expected !== is) found.push(`${what}: ${JSON.stringify(expected)}, but ${JSON.stringify(is)}`);
  };
  same('Name', facts['Name'], cookie.name || 'none');
  same('Value', facts['Value'], cookie.value);
  same('Path', facts['Path'], cookie.path);
  same('Sent to', facts['Sent to'], cookie.domain === host ? 'this host alone' : `${cookie.domain.slice(1)} and hosts under it`);
  const flags = [
    cookie.secure && 'Secure', cookie.httpOnly && 'HttpOnly', cookie.partitionKey && 'Partitioned', cookie.sameSite && `SameSite=${cookie.sameSite}`,
  ];
  same('Flags', facts['Flags'], flags.filter(Boolean).join(', ') || 'none');
  const ends = facts['Ends']!;
  const seconds = /^(\d+) s after it is set$/.exec(ends);
  const expected = ends === 'with the browser session' ? -1 : seconds ? now + Number(seconds[1]) : Date.parse(ends) / 1_000;
  if (Math.abs(cookie.expires - expected) > 60) found.push(`Ends: ${ends}, but ${cookie.expires - now} s from now`);
  return found;
}

test('what the page forecasts of a line is what the browser does, but where the page says that it differs', async ({ baseURL, bench, context }) => {
  test.slow();
  const host = new URL(baseURL!).hostname;
  const all = lines(SEED, LINES);
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.form.getByText('Take a line apart').click();
  const forecasts = await bench.page.evaluate(readForecasts, all);

  const oracle = await CookieOracle.start(host);
  const page = await context.newPage();
  await page.goto(oracle.address);
  const devtools = await context.newCDPSession(page);
  const unexpected: object[] = [];
  let kept = 0;
  for (const [at, line] of all.entries()) {
    await context.clearCookies();
    await page.evaluate(handOver, line);
    const there = await jar(devtools);
    kept += there.length;
    const otherwise = wrong(forecasts[at]!, there, host, Date.now() / 1_000);
    if (otherwise.length > 0 && !isSaidToDiffer('chromium', forecasts[at]!)) unexpected.push({ ...line, otherwise, says: forecasts[at]!.says });
  }
  await page.close();
  await oracle.stop();
  expect(unexpected, `STORAGE_LAB_SEED=${SEED}`).toEqual([]);
  // Lines of which all were refused would prove nothing.
  expect(kept).toBeGreaterThan(LINES / 5);
  expect(all.filter((line) => !isNameless(line)).length).toBeGreaterThan(LINES / 2);
});

test('where the page says that this engine differs, it does', async ({ baseURL, bench, context }) => {
  const all = DIFFERENCES.map(([words, carrier, line, engines]) => ({ words, carrier, line, engines }));
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.form.getByText('Take a line apart').click();
  const told = await bench.page.evaluate(readForecasts, all);
  const oracle = await CookieOracle.start(new URL(baseURL!).hostname);
  const page = await context.newPage();
  await page.goto(oracle.address);
  for (const [at, { words, engines, carrier, line }] of all.entries()) {
    const forecast = told[at]!;
    expect(forecast.says.filter((says) => says.startsWith('Engines differ: ')).join(' '), line).toContain(words);
    await context.clearCookies();
    await page.evaluate(handOver, { carrier, line });
    if (engines.includes('chromium')) expect(isAsForecast(forecast, await page.evaluate(seenBy)), line).toBe(false);
  }
  await page.close();
  await oracle.stop();
});

const DELETING = ['Thu, 01-Jan-1970 00:00:01 GMT', 'Thu, 1 Jan 1970 00:00:00 GMT', 'Mon, 01 Jan 1601 00:00:00 GMT', '01 jan 1970 00:00:00'];

for (const carrier of ['script', 'http'] as const) {
  test(`the dates by which servers delete cookies are forecast to do so, and do, by ${carrier}`, async ({ bench, context }) => {
    await bench.open();
    for (const Expires of DELETING) {
      await bench.add('Cookies', 'trying', 'green');
      await bench.shows('Cookies', 'lab-trying', 'green');
      const form = await CookieForm.open(bench);
      await form.fill({ Name: 'trying', Value: 'green', Expires }, carrier);
      await expect(form.forecast).toContainText('A time that has passed deletes the cookie');
      await expect(form.expected('Forecast by the spec')).toHaveText(/^deletes/);
      await form.tryIt();
      await expect(form.result.getByRole('heading')).toHaveText('The browser keeps no lab-trying: its time has passed.');
      expect((await context.cookies()).filter(({ name }) => name === 'lab-trying')).toEqual([]);
      await form.form.getByRole('button', { name: 'Close' }).click();
    }
  });
}

test('a line from elsewhere is handed over as it stands until a field is changed', async ({ bench, context }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  const line = 'lab-trying=1; max-age=60; MAX-AGE=600; Path=/lab; path=/;Colour; secure=false';
  await form.paste(line);
  expect(await form.preview()).toBe(`document.cookie = "${line}"`);
  await expect(form.expected('Ends')).toHaveText('600 s after it is set');
  await form.tryIt();
  const [kept] = (await context.cookies()).filter(({ name }) => name === 'lab-trying');
  expect(kept).toMatchObject({ value: '1', path: '/', secure: true });
  expect(kept!.expires - Date.now() / 1_000).toBeGreaterThan(500);
  await form.field('Value').fill('2');
  expect(await form.preview()).toBe('document.cookie = "lab-trying=2; Max-Age=600; Path=/; Secure"');
});

test('a browser that reads a date otherwise than the specification differs from it, and that is a result', async ({ bench, page }) => {
  // As a browser whose dates need a zone.
  await page.addInitScript(() => {
    const own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')!;
    Object.defineProperty(Document.prototype, 'cookie', {
      get() { return own.get!.call(this); },
      set(line: string) { own.set!.call(this, line.replace(/Expires=(?!.*GMT)/, 'Max-Age=0; Ignored=').replace(/Expires=.*1970[^;]*/, 'Ignored')); },
    });
  });
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying', Value: '1', Expires: '31 Dec 2037 00:00:00' }, 'script');
  await expect(form.expected('Forecast by the spec')).toHaveText('kept');
  await form.tryIt();
  await expect(form.why.filter({ hasText: 'Your browser differs from the spec' })).toContainText('its time has not passed');
  await form.fill({ Expires: 'Thu, 01 Jan 1970 00:00:00 GMT' }, 'script');
  await form.tryIt();
  await expect(form.result.getByRole('heading')).toHaveText('The browser kept lab-trying.');
  await expect(form.why.filter({ hasText: 'Your browser differs from the spec' })).toContainText('its time has passed');
});

test('what this browser objects to on its own account is found by trying', async ({ bench, page }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'trying' }, 'script');
  // A field takes no tab from the keyboard.
  await form.field('Value').evaluate((field: HTMLInputElement) => {
    field.value = 'a\tb';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await expect(form.expected('Forecast by the spec')).toHaveText('kept');
  await expect(form.form.getByRole('list', { name: 'Where engines differ' })).toContainText('Chromium refuses a tab');
  await form.tryIt();
  await expect(form.result.getByRole('heading')).toHaveText('The browser refused lab-trying.');
  await expect(form.why.filter({ hasText: 'Your browser differs from the spec' })).toContainText('without a tab inside name and value it was kept');
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('what servers should not send is warned of and kept all the same', async ({ bench, context }) => {
  await bench.open();
  const form = await CookieForm.open(bench);
  await form.fill({ Name: 'é ü', Value: 'a, "b" \\ \u0085' }, 'http');
  await expect(form.forecast.getByText('Warning: A server should send a name')).toBeVisible();
  await expect(form.forecast.getByText('Warning: A server should send a value')).toBeVisible();
  await expect(form.expected('Forecast by the spec')).toHaveText('kept');
  await form.tryIt();
  await expect(form.result.getByRole('heading')).toHaveText('The browser kept lab-é ü.');
  expect((await context.cookies()).map(({ name, value }) => [name, value])).toEqual([['lab-é ü', 'a, "b" \\ \u0085']]);
});
