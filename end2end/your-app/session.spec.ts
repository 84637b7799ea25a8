// The check of an app's session while somebody logs in and out by their own browser.
import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from '../support/accessibility';
import { APPS, expect, type Served, test } from '../support/app/fixtures';

const express = (port: number) => ({ program: process.execPath, args: ['server.mjs', String(port)], cwd: join(APPS, 'express') });
/** The same without what Passport does: the identifier stays at log-in, and nothing ends at log-out. */
const careless = (port: number) => ({ program: process.execPath, args: ['server.mjs', String(port)], cwd: join(APPS, 'careless') });

async function logIn(app: Page, { through }: Served): Promise<void> {
  await app.goto(`${through}/account`);
  await app.getByRole('textbox', { name: 'Username' }).fill('ada');
  await app.getByLabel('Password').fill('lovelace');
  await app.getByRole('button', { name: 'Log in' }).click();
  await expect(app.getByText('Logged in as ada')).toBeVisible();
}

async function logOut(app: Page): Promise<void> {
  await app.getByRole('button', { name: 'Log out' }).click();
  await expect(app.getByText('Hello, stranger')).toBeVisible();
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const finding = (page: Page, title: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

test('who logs in and out by their own browser is told what is right and wrong with the session', async ({ context, page, served }) => {
  const origins = await served(express);
  await page.goto(`${origins.lab}/app`);
  await page.getByRole('link', { name: 'Check its session' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Check your app’s session' })).toBeVisible();
  await inspect(page);
  await press(page, 'Start');
  await expect(page.getByText('No page of your app has been opened since the start.')).toBeVisible();
  await inspect(page);

  const app = await context.newPage();
  await logIn(app, origins);
  await page.getByRole('link', { name: 'Look again' }).click();
  await expect(page.getByRole('combobox').getByRole('option')).toHaveText(['/account', '/login']);
  // The log-in page is for everybody.
  await page.getByRole('combobox').selectOption('/login');
  await press(page, 'I am logged in');
  await expect(page.getByRole('alert')).toContainText('/login answers 200 to strangers too.');
  await inspect(page);
  await page.getByRole('combobox').selectOption('/account');
  await press(page, 'I am logged in');
  await expect(page.getByText('Your session is the cookie connect.sid: without it /account lets nobody in.')).toBeVisible();
  await press(page, 'I have logged out');
  await expect(page.getByRole('alert')).toContainText('No request of that browser came since.');
  await inspect(page);
  await logOut(app);
  await press(page, 'I have logged out');

  await expect(page.getByText('0 errors, 2 warnings, 5 notes.')).toBeVisible();
  const told = {
    'Which cookie is the session': 'ok: connect.sid',
    'The log-in rotates the identifier': 'note: It was not tried',
    'The log-out ends the session on the server': 'ok: The old connect.sid lets nobody in any more.',
    'The log-out deletes the cookie': 'ok: ',
    'The identifier looks random': 'note: connect.sid was seen once',
    'The cookie is Secure': 'warning: connect.sid lacks Secure',
    'The cookie is HttpOnly': 'ok: No script reads connect.sid.',
    'The cookie names SameSite': 'warning: connect.sid lacks SameSite',
    'The session ends when nothing is asked': 'note: No answer shows it',
    'No token in web storage': 'ok: No page that was opened had one.',
  };
  for (const [title, words] of Object.entries(told)) await expect(finding(page, title)).toContainText(words);
  await inspect(page);
  await finding(page, 'The cookie is Secure').getByText('What to do').click();
  await expect(finding(page, 'The cookie is Secure')).toContainText('Set-Cookie: connect.sid=…; Path=/; Secure; HttpOnly; SameSite=Lax');
  await finding(page, 'The log-out ends the session on the server').getByRole('link', { name: /exchange/ }).click();
  await expect(page).toHaveURL(/#x\d+$/);

  const shown = (text: string) => /connect\.sid=s%3A[\w-]{32}/.test(text);
  expect(shown(await page.getByRole('main').innerText())).toBe(false);
  for (const format of ['Markdown', 'JSON', 'SARIF']) {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: `Download as ${format}` }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text).toContain('connect.sid lacks SameSite');
    expect(shown(text)).toBe(false);
  }
  await page.getByRole('link', { name: 'Show values' }).click();
  await expect(page.getByRole('link', { name: 'Hide values' })).toBeVisible();
  expect(shown(await page.getByRole('main').innerText())).toBe(true);
  await press(page, 'Check again');
  await expect(page.getByRole('heading', { name: '1. Log in' })).toBeVisible();
});

test('an identifier that stays at log-in and lives on after log-out is found', async ({ context, page, served }) => {
  const origins = await served(careless);
  await page.goto(`${origins.lab}/app/session`);
  await press(page, 'Start');
  const app = await context.newPage();
  await logIn(app, origins);
  await page.getByRole('link', { name: 'Look again' }).click();
  await press(page, 'I am logged in');
  await expect(page.getByText('Your session is the cookie sid')).toBeVisible();
  // Where the lab found another one than the app's own, it is told so.
  await page.getByText('Is it another cookie?').click();
  await inspect(page);
  await page.getByRole('checkbox', { name: 'sid' }).uncheck();
  await press(page, 'Take these');
  await expect(page.getByRole('alert')).toContainText('Choose one cookie at least.');
  await page.getByText('Is it another cookie?').click();
  await page.getByRole('checkbox', { name: 'sid' }).check();
  await press(page, 'Take these');
  await expect(page.getByText('Your session: sid, as you say.')).toBeVisible();
  await logOut(app);
  await press(page, 'I have logged out');
  await expect(finding(page, 'The log-in rotates the identifier')).toContainText('error: Somebody logs in with a sid that the app had given a stranger');
  await expect(finding(page, 'The log-out ends the session on the server')).toContainText('error: The old sid still lets in after the log-out.');
  await expect(finding(page, 'The log-out deletes the cookie')).toContainText('ok: ');
});

test('a token that a page keeps in web storage is found, and nothing of it is told', async ({ context, page, served }) => {
  const origins = await served(careless);
  await page.goto(`${origins.lab}/app/session`);
  await press(page, 'Start');
  const app = await context.newPage();
  const told = () => app.waitForResponse((response) => response.request().headers()['storage-lab-web-storage'] !== undefined);
  await logIn(app, origins);
  const next = told();
  await app.evaluate(() => {
    localStorage.setItem('layout', JSON.stringify({ panes: ['left', 'right'], theme: 'dark-and-quiet' }));
    localStorage.setItem('state', JSON.stringify({ user: { name: 'ada', jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl' } }));
  });
  expect(await (await next).json()).toBe(true);
  await page.getByRole('link', { name: 'Look again' }).click();
  await press(page, 'I am logged in');
  await logOut(app);
  await press(page, 'I have logged out');
  await expect(finding(page, 'No token in web storage')).toContainText('error: localStorage has a JSON Web Token in state');
  await page.getByRole('link', { name: 'Show values' }).click();
  expect(await page.getByRole('main').innerText()).not.toContain('eyJhbGciOiJIUzI1NiJ9');
  // Once the check has ended, pages are asked no longer.
  const last = told();
  await app.evaluate(() => localStorage.removeItem('state'));
  expect(await (await last).json()).toBe(false);
  await app.evaluate(() => localStorage.setItem('state', 'once more, and nobody asks'));
  await app.reload();
  const script = await (await app.request.get(`${origins.lab}/dock.js`)).text();
  expect(script).toContain('"watched":false');
});

test('a lab without an app tells how to name one', async ({ page }) => {
  await page.goto('/app/session');
  await expect(page.getByText('storage-lab serve --app http://localhost:8080')).toBeVisible();
  await expect(page.getByText('storage-lab check-session --app http://localhost:8080 --login login.toml')).toBeVisible();
  await inspect(page);
});
