// The server session: begun only when it is asked for, and known to the browser by its id alone.
import type { Response } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { logIn, logInOnPage, sessionCookie } from '../support/people';

test('no cookie is set before the first value is put on the server', { tag: '@databases' }, async ({ bench, context, page }) => {
  const responses: Response[] = [];
  page.on('response', (response) => responses.push(response));
  const setCookies = async () => (await Promise.all(responses.map((response) => response.headerValues('set-cookie')))).flat();
  await bench.open();
  await expect(await bench.menu('Server session')).toContainText('No session yet: no cookie is set before you put something here.');
  await bench.add('localStorage', 'tea', 'green');
  await bench.shows('localStorage', 'lab-tea', 'green');
  await page.reload();
  await bench.awake();
  expect(await setCookies()).toEqual([]);
  expect(await context.cookies()).toEqual([]);

  await bench.add('Server session', 'tea', 'green');
  await bench.shows('Server session', 'lab-tea', 'green');
  const lines = await setCookies();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^__Host-session=[\w-]{22}\.[\w-]{43}; HttpOnly; SameSite=Lax; Secure; Path=\/$/);
});

test('the page shows the id of the session and never its secret', async ({ bench, context, page }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  const { id, secret } = (await sessionCookie(context))!;
  await expect(await bench.menu('Server session')).toContainText(`Your browser holds: ${id}.••••••••`);
  expect(await page.content()).not.toContain(secret);
  expect(await (await page.request.get('/')).text()).not.toContain(secret);
  expect(await (await page.request.post('/api/observe')).text()).not.toContain(secret);
});

test('logging in draws a new id, keeps the values and ends the old session', { tag: '@databases' }, async ({
  bench,
  context,
  page,
  thief,
  user,
}) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  const anonymous = (await sessionCookie(context))!;
  await expect(await bench.menu('Server session')).toContainText('anonymous');
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Log in' }).click();
  await logInOnPage(page, user);
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  await page.getByRole('link', { name: 'Bench', exact: true }).click();

  await bench.shows('Server session', 'lab-tea', 'green');
  const own = (await sessionCookie(context))!;
  expect(own.id).not.toBe(anonymous.id);
  expect(own.secret).not.toBe(anonymous.secret);
  const menu = await bench.menu('Server session');
  await expect(menu).toContainText(own.id);
  await expect(menu).toContainText(`logged in as ${user.username}`);

  const old = await thief(anonymous.value);
  expect(await (await old.post('/api/observe')).json()).toMatchObject({ session: null });
});

test('the values are there again after a reload and on another page load', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  await page.reload();
  await bench.awake();
  await bench.shows('Server session', 'lab-tea', 'green');
  await page.goto('/login');
  await bench.open();
  await bench.shows('Server session', 'lab-tea', 'green');
});

test('two people do not see each other’s values', async ({ bench, browser, page, baseURL }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  const elsewhere = await browser.newContext({ baseURL });
  const stranger = await elsewhere.newPage();
  await stranger.goto('/');
  expect(await contents(stranger, 'Server session')).toEqual({});
  expect(await contents(page, 'Server session')).toEqual({ 'lab-tea': 'green' });
  await elsewhere.close();
});

test('a session that another tab ended is begun anew by the next value', async ({ bench, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await page.request.post('/api/logout');
  await bench.add('Server session', 'tea', 'green');
  await bench.shows('Server session', 'lab-tea', 'green');
  await expect(await bench.menu('Server session')).toContainText('anonymous');
});
