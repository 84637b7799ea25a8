// The wire view, held against what the browser itself notes of the same requests.
import { expect, test } from '../support/fixtures';
import { NetworkLog } from '../support/network';
import type { Locator, Page } from '@playwright/test';

const WIRE = 'Wire view';

/** The rows of a table in the opened request: what stands in the first column, and the bytes in the last but for buttons. */
async function rows(panel: Locator, table: string): Promise<[string, string][]> {
  const button = panel.page().getByRole('button');
  const all = await panel.getByRole('group', { name: table, exact: true }).locator('tbody tr').all();
  return Promise.all(
    all.map(async (row): Promise<[string, string]> => [
      await row.getByRole('rowheader').innerText(),
      await row.getByRole('cell').filter({ hasNot: button }).last().innerText(),
    ]),
  );
}

const number = (text: string) => Number(text.replaceAll(',', ''));
const grouped = (count: number) => count.toLocaleString('en');

/** Has the server set a cookie by a line, as a request of this page. */
async function setOverHttp(page: Page, log: NetworkLog, line: string): Promise<void> {
  const id = log.latest('/lab/wire')!.sent.find(({ name }) => name === 'lab-page')!.value;
  await page.evaluate(
    async ([id, line]) => {
      await fetch('/lab/cookie', { method: 'POST', headers: { 'lab-page': id }, body: new URLSearchParams({ line }) });
    },
    [id, line] as const,
  );
}

test('a request and its answer are shown field by field, with the bytes that the browser sent and received', async ({
  baseURL,
  bench,
  context,
  page,
}) => {
  const log = await NetworkLog.of(page);
  await context.addCookies([{ name: 'lab-hidden', value: 'nobody reads this', url: baseURL!, httpOnly: true }]);
  await bench.open();
  await bench.add('Cookies', 'tea', 'green');
  await bench.shows('Cookies', 'lab-tea', 'green');
  const panel = await bench.tool(WIRE);
  await panel.getByRole('button', { name: 'Send a request now' }).click();
  await expect(panel.getByRole('heading', { name: 'GET /lab/echo', exact: true })).toBeFocused();

  const noted = log.latest('/lab/echo')!;
  const sizes = (heads: { name: string; bytes: number }[]) => heads.map(({ name, bytes }) => `${name} ${bytes}`).toSorted();
  const shown = async (table: string) => (await rows(panel, table)).map(([name, bytes]) => `${name} ${number(bytes)}`).toSorted();
  expect(await shown('Header fields of the request')).toEqual(sizes(noted.sent));
  expect(await shown('Header fields of the response')).toEqual(sizes(noted.received));

  const cookie = noted.sent.find(({ name }) => name === 'cookie')!;
  await expect(bench.status).toHaveText(`The request arrived with 2 cookies, ${cookie.bytes} bytes.`);
  expect((await rows(panel, 'Cookies of the request')).toSorted()).toEqual([
    ['lab-hidden', String('lab-hidden'.length + 'nobody reads this'.length)],
    ['lab-tea', String('lab-tea'.length + 'green'.length)],
  ]);
  const cookies = panel.getByRole('group', { name: 'Cookies of the request' });
  await expect(cookies.getByRole('row', { name: /^lab-tea/ })).toContainText('green');
  await expect(cookies.getByRole('row', { name: /^lab-hidden/ })).toContainText('HttpOnly');
  await expect(page.getByRole('main')).not.toContainText('nobody reads this');
  await cookies.getByRole('button', { name: 'Show lab-tea' }).click();
  await expect(bench.rowHeader('lab-tea')).toBeFocused();

  const total = Buffer.byteLength('GET /lab/echo HTTP/1.1\r\n\r\n') + noted.sent.reduce((sum, { bytes }) => sum + bytes, 0);
  const share = Math.round((cookie.bytes * 100) / total);
  await expect(panel.getByRole('heading', { name: `Request: ${grouped(total)} bytes` })).toBeVisible();
  await expect(panel.getByRole('listitem').filter({ hasText: `Cookies: ${cookie.bytes} bytes, ${share} %` })).toBeVisible();
  await expect(panel.getByRole('region', { name: 'What the cookies cost' })).toContainText(
    `${cookie.bytes} bytes of cookies; in a thousand such requests ${grouped(cookie.bytes * 1_000)} bytes.`,
  );
  const row = panel.getByRole('row', { name: /^GET \/lab\/echo/ }).last();
  await expect(row.getByRole('cell')).toHaveText([
    /^\d\d:\d\d:\d\d\.\d{3}$/, '200 OK', grouped(total), /^[\d,]+$/, `${cookie.bytes}, ${share} %`,
  ]);
});

test('a request without credentials is shown to carry no cookie', async ({ bench, page }) => {
  const log = await NetworkLog.of(page);
  await bench.open();
  await bench.putAndWait('tea', 'green');
  const panel = await bench.tool(WIRE);
  await panel.getByRole('button', { name: 'Send one without credentials' }).click();
  await expect(bench.status).toHaveText('The request arrived without a cookie.');
  expect(log.latest('/lab/echo/without-cookies')!.sent.map(({ name }) => name)).not.toContain('cookie');
  await expect(panel.getByRole('region', { name: 'What the cookies cost' })).toContainText('0 bytes of cookies;');
});

test('a Set-Cookie line is taken apart, and the view says whether the browser kept the cookie', async ({ bench, context, page }) => {
  const log = await NetworkLog.of(page);
  await bench.open();
  const panel = await bench.tool(WIRE);
  await expect(panel.getByRole('row', { name: /^GET \// }).first()).toBeVisible();
  const open = async (name: string) => {
    await panel.getByRole('button', { name: 'POST /lab/cookie' }).last().click();
    return panel.getByRole('region', { name: `Set-Cookie: ${name}` });
  };

  await setOverHttp(page, log, 'lab-cup=large; Path=/; Max-Age=90; Colour=blue; Expires=Thu, 01 Jan 1970 00:00:00 GMT');
  await bench.shows('Cookies', 'lab-cup', 'large');
  await panel.getByRole('button', { name: 'Send a request now' }).click();
  await expect(bench.status).toContainText('The request arrived with 1 cookie');
  const kept = await open('lab-cup');
  await expect(kept.getByRole('row', { name: /^Max-Age/ }).getByRole('cell')).toHaveText(['90', 'the cookie ends in 1 min 30 s']);
  await expect(kept.getByRole('row', { name: /^Colour/ })).toContainText('ignored: no browser knows it');
  await expect(kept.getByRole('row', { name: /^Expires/ })).toContainText('counts for nothing: Max-Age goes before it');
  await expect(kept).toContainText('It lives for 1 min 30 s.');
  await expect(kept).toContainText('Kept: it travelled with the request of');
  expect((await context.cookies()).map(({ name }) => name)).toEqual(['lab-cup']);

  await setOverHttp(page, log, 'lab-bad=1; Path=/; SameSite=None');
  await panel.getByRole('button', { name: 'Send a request now' }).click();
  await expect(panel.getByRole('heading', { name: 'GET /lab/echo', exact: true })).toBeFocused();
  const bad = await open('lab-bad');
  await expect(bad).toContainText('Refused, or gone since: the request of');
  await expect(bad).toContainText(/It breaks a rule: .*SameSite=None.* RFC 6265bis §5\.7/);
  expect(log.latest('/lab/cookie')!.refused).toEqual(['SameSiteNoneInsecure']);
});

test('a cookie that scripts cannot read is shown without its value, and by name alone that of the session', async ({ bench, page }) => {
  await bench.open();
  const panel = await bench.tool(WIRE);
  await bench.putAndWait('tea', 'green');
  await panel.getByRole('button', { name: 'POST /api/values/put' }).click();
  const line = panel.getByRole('region', { name: 'Set-Cookie: __Host-session' });
  await expect(line).toContainText('__Host-session=••••••••');
  await expect(line.getByRole('row', { name: /^HttpOnly/ })).toContainText('out of reach of scripts');
  await expect(line).toContainText('Kept: it travelled with the request of');
  await line.getByRole('button', { name: 'Show __Host-session' }).click();
  await expect(bench.rowHeader('__Host-session')).toBeFocused();
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name === '__Host-session');
  await expect(page.getByRole('main')).not.toContainText(cookie!.value.split('.')[1]!);
});

test('what the bench does shows in the open wire view by itself', async ({ bench }) => {
  await bench.open();
  const panel = await bench.tool(WIRE);
  await expect(panel.getByRole('row', { name: /^GET \/ / })).toHaveCount(1);
  await expect(panel.getByRole('row', { name: /values\/put/ })).toHaveCount(0);
  await bench.putAndWait('tea', 'green');
  await expect(panel.getByRole('row', { name: /^POST \/api\/values\/put/ })).toHaveCount(1);
});

test('a record that the server has forgotten is told', async ({ bench, page, tolerate }) => {
  tolerate(/status of 404/);
  await page.route('**/lab/wire', (route) => route.fulfill({ status: 404 }));
  await bench.open();
  const panel = await bench.tool(WIRE);
  await expect(panel.getByRole('alert')).toHaveText('The server keeps no record of this page any more. Reload the page to begin a new one.');
});
