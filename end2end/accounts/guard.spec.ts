// The guarded page: who is not logged in is sent to log in, and back, and nowhere else.
import { expect, test } from '../support/fixtures';
import { ELSEWHERE, openAwake } from '../support/pages';
import { logIn, logInOnPage } from '../support/people';

test('a guarded page sends to the log-in page and back after logging in', { tag: '@databases' }, async ({ page, user }) => {
  await openAwake(page, '/account');
  await expect(page).toHaveURL('/login?next=/account');
  await expect(page.getByRole('main')).toContainText('Log in to see that page.');
  await logInOnPage(page, user);
  await expect(page).toHaveURL('/account');
  await expect(page.getByRole('main')).toContainText(`You are logged in as ${user.username}`);
});

test('the way back survives a wrong password and making an account first', async ({ page, tolerate, user }) => {
  tolerate(/status of 401/);
  await openAwake(page, '/login?next=/');
  await logInOnPage(page, { ...user, password: 'not the right password' });
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('link', { name: 'Make an account' }).click();
  await page.getByRole('link', { name: 'Log in instead' }).click();
  await logInOnPage(page, user);
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
  await expect(page).toHaveURL('/');
});

for (const next of ELSEWHERE) {
  test(`the log-in page does not lead away to ${JSON.stringify(next)}`, async ({ page, user }) => {
    await openAwake(page, `/login?next=${encodeURIComponent(next)}`);
    await logInOnPage(page, user);
    await expect(page).toHaveURL('/account');
    await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  });
}

test('the guard decides before anything is rendered', async ({ request }) => {
  for (const path of ['/account', '/account/', '/account/deeper']) {
    const answer = await request.get(path, { maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    expect(answer.headers().location).toBe(`/login?next=${path}`);
    expect(await answer.text()).toBe('');
  }
});

test('who is logged in sees the times of the session', async ({ page, user }) => {
  await logIn(page.request, user);
  await page.goto('/account');
  const session = page.getByRole('region', { name: 'This session' });
  await expect(session).toContainText(/Ends when idlein (30|29) min/);
  await expect(session).toContainText(/Ends in any casein (12 h|11 h)/);
});
