// What happened to an account is told to its owner.
import { expect, FIREFOX, test } from '../support/fixtures';
import { openAwake, section } from '../support/pages';
import { logIn, tryToLogIn } from '../support/people';

test('a log-in with a wrong password is told, with its place', { tag: '@databases' }, async ({ baseURL, page, playwright, user }) => {
  await logIn(page.request, user);
  const stranger = await playwright.request.newContext({ baseURL, userAgent: FIREFOX });
  expect(await tryToLogIn(stranger, { ...user, password: 'not the right password' })).toBe(401);
  await stranger.dispose();
  const failure = section(page, 'What happened').getByRole('listitem').filter({ hasText: 'Wrong password at log-in' });
  // It is written beside the answer, not before it.
  await expect(async () => {
    await page.goto('/account');
    await expect(failure).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(failure).toContainText('Firefox on Linux');
  await expect(failure).toContainText('127.0.0.1');
  await expect(section(page, 'What happened').getByRole('listitem')).toHaveCount(3);
});

test('what is done on the account page is told without a reload', async ({ elsewhere, page, user }) => {
  await elsewhere(user);
  await logIn(page.request, user);
  await openAwake(page, '/account');
  await page.getByRole('button', { name: 'End all other sessions' }).click();
  await expect(section(page, 'What happened').getByRole('listitem').first()).toContainText('All other sessions ended');
});
