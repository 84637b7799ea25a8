// Taking one's data along, and deleting the account.
import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/fixtures';
import { openAwake, section, sessionBanner } from '../support/pages';
import { logIn, sessionCookie, tryToLogIn } from '../support/people';

test('the export holds what the server keeps, and no secret', { tag: '@databases' }, async ({ bench, context, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await bench.putAndWait('colour', 'blue');
  await openAwake(page, '/account');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export my data' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('storage-lab-account.json');
  const file = await readFile(await download.path(), 'utf8');
  const exported = JSON.parse(file);
  const cookie = (await sessionCookie(context))!;

  expect(exported.username).toBe(user.username);
  expect(exported.sessions).toHaveLength(1);
  expect(exported.sessions[0].session).toMatchObject({ id: cookie.id, address: '127.0.0.1', this_one: true });
  expect(exported.sessions[0].values).toEqual([expect.objectContaining({ name: 'lab-colour', value: 'blue' })]);
  expect(exported.events.map(({ kind }: { kind: string }) => kind)).toEqual(['exported', 'logged_in', 'signed_up']);
  const age = Date.now() / 1_000 - exported.joined_at;
  expect(age).toBeGreaterThanOrEqual(-1);
  expect(age).toBeLessThan(120);
  for (const secret of [cookie.secret, user.password, 'argon2']) expect(file).not.toContain(secret);
});

test('a deleted account is gone, with its cookie and its other sessions', { tag: '@databases' }, async ({
  context,
  elsewhere,
  page,
  request,
  thief,
  tolerate,
  user,
}) => {
  tolerate(/status of 4(01|22)/);
  const there = await elsewhere(user);
  await logIn(page.request, user);
  const cookie = (await sessionCookie(context))!;
  await openAwake(page, '/account');
  const data = section(page, 'Your data');
  const password = data.getByLabel('Current password', { exact: true });
  await expect(password).toBeHidden();
  await data.getByText('Delete this account').click();

  await password.fill('not the right password');
  await data.getByRole('button', { name: 'Delete my account' }).click();
  await expect(password).toHaveAccessibleDescription(/That is not your current password/);
  expect((await page.request.get('/api/whoami')).status()).toBe(200);

  await password.fill(user.password);
  await data.getByRole('button', { name: 'Delete my account' }).click();
  await expect(page).toHaveURL('/signup?deleted=1');
  await expect(page.getByRole('status').filter({ hasText: 'Your account and everything kept of it are deleted.' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Log in', exact: true })).toBeVisible();
  // It was this very tab that ended the session: nobody needs to be told.
  await expect(sessionBanner(page)).toBeHidden();
  expect(await sessionCookie(context)).toBeUndefined();
  expect((await (await thief(cookie.value)).get('/api/whoami')).status()).toBe(401);
  expect((await there.request.get('/api/whoami')).status()).toBe(401);
  expect(await tryToLogIn(request, user)).toBe(401);
});
