// The whole account journey without JavaScript: plain forms, redirects and pages.
import { expect, FIREFOX_HERE, test } from '../support/fixtures';
import { ELSEWHERE, section, sessionBanner } from '../support/pages';
import { fillIn, logIn, logInOnPage, sessionCookie, settleOn, somebody, tryToLogIn } from '../support/people';
import { CHEAP_HASHING } from '../support/server';

test('a person signs up, logs in, sees the account and logs out without scripts', async ({ context, page, thief }) => {
  const person = somebody();
  const username = page.getByRole('textbox', { name: 'Username' });
  const password = page.getByLabel('Password', { exact: true });

  await test.step('a password that is too short comes back with the message and the name', async () => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Sign up' }).click();
    await fillIn(page, { ...person, password: 'too short' });
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expect(password).toHaveAccessibleDescription(/too short: use at least 15 characters/);
    await expect(username).toHaveValue(person.username);
    await expect(password).toHaveValue('');
    expect(page.url()).not.toContain('too+short&');
  });

  await test.step('signing up leads to the log-in page', async () => {
    await password.fill(person.password);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expect(page.getByRole('status')).toHaveText('Your account is made. Log in with it now.');
    await expect(username).toHaveValue(person.username);
  });

  await test.step('the name is taken now', async () => {
    await page.goto('/signup');
    // With the same password it would be the same sign-up, sent twice.
    await fillIn(page, { ...person, password: somebody().password });
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expect(username).toHaveAccessibleDescription(/That username is taken/);
    await expect(username).toHaveValue(person.username);
  });

  await test.step('a wrong password comes back with the message and the name', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Log in' }).click();
    await logInOnPage(page, { ...person, password: 'not the right password' });
    await expect(page.getByRole('alert')).toContainText('do not go together');
    await expect(username).toHaveValue(person.username);
    await expect(password).toHaveValue('');
  });

  await test.step('the right one leads to the account', async () => {
    await password.fill(person.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page).toHaveURL('/account');
    await expect(page.getByRole('main')).toContainText(`You are logged in as ${person.username}`);
  });

  await test.step('logging out ends the session, and going back does not bring the account back', async () => {
    const cookie = (await sessionCookie(context))!;
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page).toHaveURL('/');
    await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
    expect((await (await thief(cookie.value)).get('/api/whoami')).status()).toBe(401);
    await page.goBack();
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
    await expect(page.getByRole('main')).not.toContainText(person.username);
  });
});

test('a guarded page sends to the log-in page and back, past a wrong password', async ({ page, user }) => {
  await page.goto('/account');
  await expect(page).toHaveURL('/login?next=/account');
  await logInOnPage(page, { ...user, password: 'not the right password' });
  await expect(page.getByRole('alert')).toContainText('do not go together');
  await logInOnPage(page, user);
  await expect(page).toHaveURL('/account');
});

for (const next of ELSEWHERE) {
  test(`without scripts the log-in page does not lead away to ${JSON.stringify(next)}`, async ({ page, user }) => {
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await logInOnPage(page, user);
    await expect(page).toHaveURL('/account');
  });
}

test('a name in other letters comes back unchanged and harmless', async ({ page }) => {
  const typed = `"><b>Zoë & 漢</b>`;
  await page.goto('/signup');
  await fillIn(page, { username: typed, password: somebody().password });
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByRole('textbox', { name: 'Username' })).toHaveValue(typed);
  await expect(page.getByRole('textbox', { name: 'Username' })).toHaveAccessibleDescription(/3 to 64 characters/);
});

test('who is logged in already is still let in', async ({ page, user }) => {
  await logIn(page.request, user);
  await page.goto('/login');
  await logInOnPage(page, user);
  await expect(page).toHaveURL('/account');
});

test('a password is changed without scripts, past a wrong one', async ({ elsewhere, page, request, user }) => {
  const there = await elsewhere(user);
  const { password } = somebody();
  await logIn(page.request, user);
  await page.goto('/account');
  const form = section(page, 'Change password');
  const current = form.getByLabel('Current password', { exact: true });
  const fresh = form.getByLabel('New password', { exact: true });

  await current.fill('not the right password');
  await fresh.fill(password);
  await form.getByRole('button', { name: 'Change password' }).click();
  await expect(current).toHaveAccessibleDescription(/That is not your current password/);
  await expect(fresh).toHaveValue('');
  expect(page.url()).not.toContain(encodeURIComponent(password));

  await current.fill(user.password);
  await fresh.fill('too short');
  await form.getByRole('button', { name: 'Change password' }).click();
  await expect(fresh).toHaveAccessibleDescription(/too short: use at least 15 characters/);

  await current.fill(user.password);
  await fresh.fill(password);
  await form.getByRole('button', { name: 'Change password' }).click();
  await expect(page).toHaveURL('/account?changed=1');
  await expect(form.getByText('Your password is changed.')).toBeVisible();
  expect((await there.request.get('/api/whoami')).status()).toBe(401);
  expect(await tryToLogIn(request, user)).toBe(401);
  expect(await tryToLogIn(request, { ...user, password })).toBe(200);
});

test('a new password is set by the operator’s link without scripts, past a wrong code', async ({ launch, page }) => {
  const server = await launch(CHEAP_HASHING);
  const person = await settleOn(page, server.url);
  const link = server.operate('users', 'reset', person.username, '--site', server.url).trim();
  const fresh = { ...person, password: somebody().password };
  const code = page.getByLabel('Code', { exact: true });
  const password = page.getByLabel('New password', { exact: true });
  await page.goto(link);

  await code.fill('not the code');
  await password.fill(fresh.password);
  await page.getByRole('button', { name: 'Set new password' }).click();
  await expect(code).toHaveAccessibleDescription(/wrong, used or out of date/);
  expect(page.url()).not.toContain('not+the+code');

  await code.fill(link.split('#')[1]!);
  await password.fill('too short');
  await page.getByRole('button', { name: 'Set new password' }).click();
  await expect(password).toHaveAccessibleDescription(/too short: use at least 15 characters/);
  expect(page.url()).not.toContain(link.split('#')[1]!);

  await code.fill(link.split('#')[1]!);
  await password.fill(fresh.password);
  await page.getByRole('button', { name: 'Set new password' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Your new password is set' })).toBeVisible();
  await logInOnPage(page, fresh);
  await expect(page).toHaveURL(`${server.url}/account`);
});

test('sessions are ended without scripts', async ({ elsewhere, page, user }) => {
  const there = [await elsewhere(user)];
  await logIn(page.request, user);
  await page.goto('/account');
  const sessions = section(page, 'Where you are logged in');
  await sessions.getByRole('button', { name: `End session on ${FIREFOX_HERE}`, exact: true }).click();
  await expect(page).toHaveURL('/account');
  await expect(sessions.getByRole('listitem')).toHaveCount(1);

  there.push(await elsewhere(user), await elsewhere(user));
  await page.reload();
  await expect(sessions.getByRole('listitem')).toHaveCount(3);
  await sessions.getByRole('button', { name: 'End all other sessions' }).click();
  await expect(page).toHaveURL('/account');
  await expect(sessions.getByRole('listitem')).toHaveCount(1);
  for (const other of there) expect((await other.request.get('/api/whoami')).status()).toBe(401);
  expect((await page.request.get('/api/whoami')).status()).toBe(200);
});

test('a password is confirmed without scripts, past a wrong one', async ({ context, page, user }) => {
  await logIn(page.request, user);
  const before = (await sessionCookie(context))!;
  await page.goto('/account/confirm?next=/account');
  const password = page.getByLabel('Current password', { exact: true });
  await password.fill('not the right password');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(password).toHaveAccessibleDescription(/That is not your current password/);
  await password.fill(user.password);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page).toHaveURL('/account');
  await expect(section(page, 'What happened').getByRole('listitem').first()).toContainText('Password confirmed');
  expect((await sessionCookie(context))!.value).not.toBe(before.value);
});

test('an account is deleted without scripts, past a wrong password', async ({ context, page, request, user }) => {
  await logIn(page.request, user);
  await page.goto('/account');
  const data = section(page, 'Your data');
  const password = data.getByLabel('Current password', { exact: true });
  await data.getByText('Delete this account').click();
  await password.fill('not the right password');
  await data.getByRole('button', { name: 'Delete my account' }).click();
  // The form that the error is about is open.
  await expect(password).toBeVisible();
  await expect(password).toHaveAccessibleDescription(/That is not your current password/);
  await password.fill(user.password);
  await data.getByRole('button', { name: 'Delete my account' }).click();
  await expect(page).toHaveURL('/signup?deleted=1');
  await expect(page.getByRole('status')).toHaveText('Your account and everything kept of it are deleted.');
  expect(await sessionCookie(context)).toBeUndefined();
  expect(await tryToLogIn(request, user)).toBe(401);
});

test('what only scripts can do is not offered without them', async ({ page, user }) => {
  await logIn(page.request, user);
  for (const path of ['/login', '/account']) {
    await page.goto(path);
    await expect(page.getByRole('button', { name: 'Show password' })).toHaveCount(0);
    await expect(sessionBanner(page)).toBeHidden();
  }
});
