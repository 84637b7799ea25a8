// A new password by the operator's one-time link.
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { openAwake, section } from '../support/pages';
import { logInOnPage, type Person, settleOn, somebody } from '../support/people';
import { type Server, CHEAP_HASHING } from '../support/server';

const code = (page: Page) => page.getByLabel('Code', { exact: true });
const password = (page: Page) => page.getByLabel('New password', { exact: true });
const send = (page: Page) => page.getByRole('button', { name: 'Set new password' }).click();

/** A server with somebody who has an account there and a link for a new password. */
async function forgotten(page: Page, launch: (flags?: string[]) => Promise<Server>) {
  const server = await launch(CHEAP_HASHING);
  const person: Person = await settleOn(page, server.url);
  const link = server.operate('users', 'reset', person.username, '--site', server.url).trim();
  return { server, person, link };
}

test('the code of a link goes into the form and out of the address', async ({ launch, page }) => {
  const { link, server } = await forgotten(page, launch);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url(), request.headers()['referer'] ?? ''));
  await openAwake(page, link);
  const [, fragment] = link.split('#');
  await expect(code(page)).toHaveValue(fragment!);
  await expect(page).toHaveURL(`${server.url}/reset`);
  // As the server was asked, and as the history has it.
  expect(asked.filter((url) => url.split('#')[0]!.includes(fragment!))).toEqual([]);
  await page.getByRole('navigation').getByRole('link', { name: 'Experiments' }).click();
  await expect(page).toHaveURL(`${server.url}/experiments`);
  await page.goBack();
  await expect(page).toHaveURL(`${server.url}/reset`);
});

test('an owner sets a new password by the link and logs in with it', async ({ launch, page }) => {
  const { server, person, link } = await forgotten(page, launch);
  const fresh = { ...person, password: somebody().password };
  await openAwake(page, link);
  await password(page).fill(fresh.password);
  await send(page);
  await expect(page.getByRole('status').filter({ hasText: 'Your new password is set' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Username' })).toHaveValue(person.username);
  // The browser was logged in before, and is not any more.
  expect((await page.request.get(`${server.url}/api/whoami`)).status()).toBe(401);
  await logInOnPage(page, fresh);
  await expect(page).toHaveURL(`${server.url}/account`);
  const happened = section(page, 'What happened').getByRole('listitem');
  await expect(happened.nth(1)).toContainText('New password set by the operator’s link');
  await expect(happened.nth(2)).toContainText('Link for a new password made by the operator');
});

test('what is wrong is said at its field, and the form keeps the code', async ({ launch, page, tolerate }) => {
  tolerate(/status of 4(01|22)/);
  const { server, link } = await forgotten(page, launch);
  await openAwake(page, link);
  await password(page).fill('too short');
  await send(page);
  await expect(password(page)).toHaveAccessibleDescription(/too short: use at least 15 characters/);
  await expect(code(page)).toHaveValue(link.split('#')[1]!);
  await password(page).fill(somebody().password);
  await send(page);
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();

  // Used once.
  await openAwake(page, link);
  await password(page).fill(somebody().password);
  await send(page);
  await expect(code(page)).toHaveAccessibleDescription(/wrong, used or out of date\. Ask the operator for a new link/);
  await expect(code(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(page).toHaveURL(`${server.url}/reset`);
});

test('the log-in page says whom to ask for a new password', async ({ page }) => {
  await page.goto('/login');
  await expect(page.getByRole('main')).toContainText('Forgot your password? Ask whoever runs this lab');
});
