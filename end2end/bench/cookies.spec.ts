// What is special about cookies: they expire, they travel, and scripts do not see all of them.
import type { BrowserContext } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { logIn } from '../support/people';
import { contents } from '../support/oracle';

const cookie = async (context: BrowserContext, wanted: string) =>
  (await context.cookies()).find(({ name }) => name === wanted);
const inSeconds = (expires = 0) => expires - Date.now() / 1_000;

test('a cookie for one minute is told to expire in one minute', async ({ bench, context }) => {
  await bench.open();
  const form = await bench.openAdd('Cookies');
  await form.getByRole('textbox', { name: 'Name' }).fill('tea');
  await form.getByRole('textbox', { name: 'Value' }).fill('green');
  await form.getByRole('combobox', { name: 'Keep it' }).selectOption('one minute');
  await form.getByRole('button', { name: 'Add' }).click();
  await bench.shows('Cookies', 'lab-tea', 'green');
  const kept = await cookie(context, 'lab-tea');
  expect(inSeconds(kept?.expires)).toBeGreaterThan(40);
  expect(inSeconds(kept?.expires)).toBeLessThanOrEqual(61);
  await expect(bench.cell('Cookies', 'lab-tea')).toContainText(/ends in (\d+ s|1 min)|not told to scripts/);
});

test('an edited cookie keeps its expiry', async ({ bench, context, page }) => {
  await bench.open();
  await page.evaluate(() => void (document.cookie = 'lab-tea=green; Path=/; Max-Age=3600'));
  await bench.shows('Cookies', 'lab-tea', 'green');
  await bench.edit('Cookies', 'lab-tea', 'black');
  await bench.shows('Cookies', 'lab-tea', 'black');
  expect(inSeconds((await cookie(context, 'lab-tea'))?.expires)).toBeGreaterThan(3_000);
});

test('what is typed into a cookie’s cell stays, with the focus, while its time runs down', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(() => {
    for (const name of ['lab-clock', 'lab-tea']) document.cookie = `${name}=green; Path=/; Max-Age=50`;
  });
  await expect(bench.cell('Cookies', 'lab-tea')).toContainText(/ends in \d+ s/);
  const field = await bench.openEdit('Cookies', 'lab-tea');
  await field.fill('bla');
  // Of two that end together the other one shows how time passes.
  const clock = bench.cell('Cookies', 'lab-clock');
  const before = /ends in \d+ s/.exec(await clock.innerText())![0];
  await expect(clock).not.toContainText(before);
  await page.keyboard.type('ck');
  await expect(field).toHaveValue('black');
  await page.keyboard.press('Enter');
  await bench.shows('Cookies', 'lab-tea', 'black');
});

test('a cookie that is edited past 4,096 bytes keeps its old value, and the form what was typed', async ({ bench, page }) => {
  await bench.open();
  await bench.add('Cookies', 'tea', 'green');
  const tooLong = 'x'.repeat(4_090);
  await bench.edit('Cookies', 'lab-tea', tooLong);
  const row = bench.cell('Cookies', 'lab-tea');
  await expect(row.getByRole('alert')).toContainText('name and value are 4,097 bytes');
  await expect(row.getByRole('textbox', { name: 'Value of lab-tea' })).toHaveValue(tooLong);
  expect(await contents(page, 'Cookies')).toMatchObject({ 'lab-tea': 'green' });
});

test('a cookie that a script sets shows up without a reload and is joined with what the server received', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(() => void (document.cookie = 'lab-tea=green; Path=/'));
  await expect(bench.cell('Cookies', 'lab-tea')).toContainText('scripts and server');
});

test('a cookie that scripts cannot read is listed by its size, without its value', async ({ baseURL, bench, context }) => {
  await context.addCookies([{ name: 'lab-hidden', value: 'nobody reads this', url: baseURL!, httpOnly: true }]);
  await bench.open();
  const cell = bench.cell('Cookies', 'lab-hidden');
  for (const words of ['••••••••', '27 bytes', 'not told to scripts', 'the server saw this cookie; scripts cannot: HttpOnly']) {
    await expect(cell).toContainText(words);
  }
  await expect(cell).not.toContainText('UTF-16');
  await expect(bench.page.getByRole('main')).not.toContainText('nobody reads this');
});

test('the login cookie is counted in what travels and cannot be taken by the deposit form', async ({ bench, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await expect(bench.cell('Cookies', '__Host-session')).toContainText('server only: HttpOnly');
  await expect(page.getByRole('region', { name: 'What travelled with the last request' })).toContainText(/\d+ bytes of cookies/);
  const before = await contents(page, 'Cookies');
  await bench.put('__Host-session', 'stolen');
  await expect(bench.status).toContainText('lab-__Host-session');
  expect(await contents(page, 'Cookies')).toMatchObject(before);
});

test('a cookie in other letters does not log anybody out', async ({ bench, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await bench.add('Cookies', 'city', 'Zürich 😀');
  await bench.shows('Cookies', 'lab-city', 'Zürich 😀');
  await page.goto('/account');
  await expect(page.getByRole('main')).toContainText(`You are logged in as ${user.username}`);
});
