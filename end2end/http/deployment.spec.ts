// A page that was opened before the server was replaced by another build of it.
import type { Page } from '@playwright/test';
import { resolve } from 'node:path';
import { Bench } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { ROOT, type Server } from '../support/server';

/** Its files have other addresses than those that the binary carries. */
const replace = (server: Server) => server.restart('--site', resolve(ROOT, 'target/site'));
const told = (page: Page) => page.getByRole('alert').filter({ hasText: 'A new version of Storage Lab is there' });

// The server may go while a chunk is being fetched: its connections are refused or reset.
test.beforeEach(({ tolerate }) => tolerate(/404|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to fetch|CompileError|TypeError/));

test('a bench of before says that there is a new version, and what was typed stays when it is reloaded', async ({ launch, page }) => {
  const server = await launch([]);
  await page.goto(server.url);
  const bench = new Bench(page);
  await bench.awake();
  await bench.nameField.fill('tea');
  await bench.valueField.fill('green');
  await replace(server);
  await page.getByRole('tab', { name: 'Wire view' }).click();
  await expect(told(page)).toHaveCount(1);
  await told(page).getByRole('button', { name: 'Reload' }).click();
  await expect(told(page)).toHaveCount(0);
  await expect(bench.nameField).toHaveValue('tea');
  await bench.awake();
  await bench.deposit.getByRole('button', { name: 'Put in all four' }).click();
  await bench.shows('localStorage', 'lab-tea', 'green');
  await page.reload();
  await bench.awake();
  await expect(bench.nameField, 'it is kept for that one reload').toHaveValue('');
});

test('a page to read of before says so when it is touched, keeps what is typed, and forgets the password', async ({ launch, page }) => {
  const server = await launch([]);
  await page.goto(`${server.url}/signup`);
  await replace(server);
  await page.getByLabel('Username').fill('Ada');
  await page.getByLabel('Password', { exact: true }).fill('not to be kept anywhere');
  await expect(told(page)).toHaveCount(1);
  await told(page).getByRole('button', { name: 'Reload' }).click();
  await expect(told(page)).toHaveCount(0);
  await expect(page.getByLabel('Username')).toHaveValue('Ada');
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
  expect(await page.evaluate(() => history.state as unknown)).toBeNull();
});
