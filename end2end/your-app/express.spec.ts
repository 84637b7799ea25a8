// Express with express-session and Passport, behind the port.
import { join } from 'node:path';
import { Twins } from '../support/app/crawl';
import { APPS, expect, test } from '../support/app/fixtures';
import { checkSession } from '../support/app/session';

const express = (port: number) => ({ program: process.execPath, args: ['server.mjs', String(port)], cwd: join(APPS, 'express') });

test('somebody logs in to an Express app through the port, each time with a new session, and out again', async ({ context, page, served }) => {
  const { through } = await served(express);
  const logIn = async (password: string) => {
    await page.getByRole('textbox', { name: 'Username' }).fill('ada');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
  };
  await page.goto(`${through}/account`);
  await expect(page).toHaveURL(`${through}/login`);
  const refused = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await logIn('a wrong one');
  expect((await (await refused).allHeaders()).location).toBe('/login');
  expect(await context.cookies()).toEqual([]);

  const sessions = new Set<string>();
  for (const _ of [1, 2]) {
    await page.goto(`${through}/login`);
    await logIn('lovelace');
    await expect(page).toHaveURL(`${through}/account`);
    await expect(page.getByText('Logged in as ada')).toBeVisible();
    const cookies = await context.cookies();
    expect(cookies).toMatchObject([{ name: 'connect.sid', domain: '127.0.0.1', path: '/', httpOnly: true, secure: false }]);
    sessions.add(cookies[0]!.value);
  }
  expect(sessions.size).toBe(2);

  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL(`${through}/`);
  await expect(page.getByText('Hello, stranger')).toBeVisible();
  await page.goto(`${through}/account`);
  await expect(page).toHaveURL(`${through}/login`);
});

test('an Express app answers through the port what it answers alone', async ({ playwright, served }) => {
  const twins = await Twins.meet(playwright.request, await served(express));
  const everything = ['/', '/account', '/login', '/nowhere'];
  expect((await twins.crawl(['/', '/nowhere'])).sort()).toEqual(everything);
  const account = (password: string) => () => ({ method: 'POST' as const, form: { username: 'ada', password } });
  expect((await twins.ask('/login', account('a wrong one'))).headers().location).toBe('/login');
  const loggedIn = await twins.ask('/login', account('lovelace'));
  expect(loggedIn.headers()).toMatchObject({ location: '/account', 'set-cookie': expect.stringContaining('connect.sid=') });
  expect(await (await twins.ask('/account')).text()).toContain('Logged in as ada');
  expect((await twins.crawl(['/', '/nowhere'])).sort()).toEqual(everything);
  await twins.ask('/logout', () => ({ method: 'POST' }));
  expect((await twins.ask('/account')).status()).toBe(302);
  await twins.part();
});

test('the check of its session finds what Express leaves out at its defaults, and nothing else', async ({ served }, testInfo) => {
  const { alone } = await served(express);
  const { code, found } = await checkSession(alone, testInfo.outputPath('login.toml'), {
    page: '/account',
    login: [{ post: '/login', form: { username: 'ada', password: 'lovelace' } }],
    logout: [{ post: '/logout' }],
  });
  expect(found).toEqual(['secure: warning', 'same-site: warning', 'host-bound: note', 'idle-timeout: note', 'caches: note']);
  expect(code).toBe(0);
});
