// The textbook's comparison beside what is measured, held against the browser's own word.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { NetworkLog } from '../support/network';
import { contents } from '../support/oracle';
import type { Locator } from '@playwright/test';

const TEXTBOOK = 'Textbook and here';

const cell = (panel: Locator, question: string, store: (typeof STORES)[number]) =>
  panel.getByRole('row').filter({ has: panel.page().getByRole('rowheader', { name: question, exact: true }) })
    .getByRole('cell').nth(STORES.indexOf(store));

test('what textbooks print stands there before anything is measured', async ({ bench }) => {
  await bench.open();
  const panel = await bench.tool(TEXTBOOK);
  await expect(panel.getByRole('columnheader')).toHaveText(['Question', ...STORES]);
  await expect(panel.getByRole('rowheader')).toHaveText([
    'Capacity', 'Browsers', 'Accessible from', 'Expires', 'Storage location', 'Sent with requests',
  ]);
  await expect(cell(panel, 'Sent with requests', 'Cookies')).toContainText('with every request');
  await expect(cell(panel, 'Sent with requests', 'Cookies')).toContainText('not measured yet');
  await cell(panel, 'Capacity', 'localStorage').getByRole('button', { name: /^Measure my limits/ }).click();
  await expect(bench.page.getByRole('tab', { name: 'Measure my limits' })).toBeFocused();
});

test('what is measured is told beside it, and nothing stays behind', async ({ bench, context, page }) => {
  const log = await NetworkLog.of(page);
  await bench.open();
  await bench.putAndWait('tea', 'green');
  const before = await Promise.all(STORES.map((store) => contents(page, store)));
  const panel = await bench.tool(TEXTBOOK);
  const other = context.waitForEvent('page');
  await panel.getByRole('button', { name: 'Measure now' }).click();
  const opened = await other;
  await expect.poll(() => opened.isClosed()).toBe(true);
  await expect(bench.status).toHaveText(/^Measured: \d+ as printed, \d+ that differ, \d+ open\.$/);

  const carried = log.latestWith('/lab/echo', 'lab-textbook=')!.sent.find(({ name }) => name === 'cookie')!.value;
  const marker = /lab-textbook=marker-\w{16}/.exec(carried)![0];
  expect(carried.match(/marker-/g)).toHaveLength(1);
  const bytes = marker.length - '='.length;
  await expect(cell(panel, 'Sent with requests', 'Cookies')).toContainText(`yes, ${bytes} bytes; but not with a request without credentials`);
  await expect(cell(panel, 'Sent with requests', 'Cookies')).toContainText('differs');
  expect(log.latest('/lab/echo/without-cookies')!.sent.map(({ name }) => name)).not.toContain('cookie');
  for (const store of ['sessionStorage', 'localStorage'] as const) {
    await expect(cell(panel, 'Sent with requests', store)).toContainText('no: its marker was nowhere in the request');
    await expect(cell(panel, 'Sent with requests', store)).toContainText('as printed');
  }
  await expect(cell(panel, 'Sent with requests', 'Server session')).toContainText('the id only:');
  await expect(cell(panel, 'Accessible from', 'localStorage')).toContainText('another tab: yes');
  await expect(cell(panel, 'Accessible from', 'sessionStorage')).toContainText('began with a copy');
  await expect(cell(panel, 'Expires', 'Server session')).toContainText(/in (30|29) min/);
  await expect(cell(panel, 'Browsers', 'Cookies')).toContainText(/Chrome \d+ kept the marker/);

  // The browser cuts a life of ten years: to what, it tells Playwright as well.
  await page.evaluate(() => void (document.cookie = `lab-ten-years=1; Path=/; Max-Age=${10 * 365 * 86_400}`));
  const [long] = (await context.cookies()).filter(({ name }) => name === 'lab-ten-years');
  const days = Math.round((long!.expires - Date.now() / 1_000) / 86_400);
  await expect(cell(panel, 'Expires', 'Cookies')).toContainText(new RegExp(`asked for 3650 d, kept for ${days} d`));
  await page.evaluate(() => void (document.cookie = 'lab-ten-years=; Path=/; Max-Age=0'));
  expect(await Promise.all(STORES.map((store) => contents(page, store)))).toEqual(before);
});

test('what was not looked at stays open, and without a session none is begun', async ({ bench, context, page }) => {
  await bench.open();
  const panel = await bench.tool(TEXTBOOK);
  await panel.getByRole('checkbox', { name: /Look from another tab too/ }).uncheck();
  await panel.getByRole('button', { name: 'Measure now' }).click();
  await expect(bench.status).toHaveText(/^Measured:/);
  await expect(cell(panel, 'Accessible from', 'localStorage')).toContainText('not looked at from another tab');
  await expect(cell(panel, 'Sent with requests', 'Server session')).toContainText('There is no session yet.');
  expect(await context.cookies()).toEqual([]);
  expect(context.pages()).toHaveLength(1);
});

test('a browser that does not tell a cookie’s end is not guessed about', async ({ bench, page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'cookieStore'));
  await bench.open();
  const panel = await bench.tool(TEXTBOOK);
  await panel.getByRole('checkbox', { name: /Look from another tab too/ }).uncheck();
  await panel.getByRole('button', { name: 'Measure now' }).click();
  await expect(cell(panel, 'Expires', 'Cookies')).toContainText('this browser does not tell scripts');
});

test('what was measured is still there when one comes back to the tab', async ({ bench }) => {
  await bench.open();
  let panel = await bench.tool(TEXTBOOK);
  await panel.getByRole('checkbox', { name: /Look from another tab too/ }).uncheck();
  await panel.getByRole('button', { name: 'Measure now' }).click();
  await expect(bench.status).toHaveText(/^Measured:/);
  await bench.tool('Journal');
  panel = await bench.tool(TEXTBOOK);
  await expect(cell(panel, 'Sent with requests', 'localStorage')).toContainText('no: its marker was nowhere in the request');
});
