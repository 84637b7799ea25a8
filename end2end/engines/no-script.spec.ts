// The account's whole way without scripts: plain forms, redirects and pages.
import { expect, test } from '../support/engine/fixtures';
import { soon, type Tab } from '../support/engine/tab';
import { type Person, SESSION_COOKIE, somebody } from '../support/people';

test.use({ scripts: false });

async function send(tab: Tab, { username, password }: Person, button: string): Promise<void> {
  await tab.role('textbox', 'Username').fill(username);
  await tab.label('Password').fill(password);
  await tab.role('button', button).click();
}

test('a person signs up, logs in, sees the account and logs out without scripts', async ({ baseURL, carrying, keepsSecure, session, tab }) => {
  const person = somebody();
  await tab.open('/');
  expect(await tab.role('columnheader', 'sessionStorage').text(), 'scripts are off').not.toMatch(/\d of [\d,]+ UTF-16 units/);
  await tab.role('link', 'Sign up').click();
  await soon(() => tab.path()).toBe('/signup');
  await send(tab, { ...person, password: 'too short' }, 'Sign up');
  await soon(() => tab.label('Password').description()).toContain('too short: use at least 15 characters');
  expect(await tab.role('textbox', 'Username').value()).toBe(person.username);
  await send(tab, person, 'Sign up');
  await soon(() => tab.role('main').text()).toContain('Your account is made. Log in with it now.');

  await send(tab, { ...person, password: 'not the right password' }, 'Log in');
  await soon(() => tab.role('alert').text()).toContain('do not go together');
  await send(tab, person, 'Log in');
  const cookies = async () => (await session.cookies(baseURL!)).filter(({ name }) => name === SESSION_COOKIE);

  // Where no log-in is kept, it matters that the page claims none.
  if (!keepsSecure) {
    await soon(() => tab.path()).toMatch(/^\/login/);
    expect(await cookies()).toEqual([]);
    expect(await tab.role('main').text()).not.toContain('You are logged in as');
    await soon(() => tab.role('alert').text()).toContain('this browser did not keep the cookie of your log-in');
    return;
  }

  await soon(() => tab.path()).toBe('/account');
  await soon(() => tab.role('main').text()).toContain(`You are logged in as ${person.username}`);
  const thief = await carrying(await cookies());
  expect((await thief.get('/api/whoami')).status()).toBe(200);
  await tab.role('button', 'Log out').click();
  await soon(() => tab.path()).toBe('/');
  await soon(() => tab.role('link', 'Log in').isThere()).toBe(true);
  expect(await cookies()).toEqual([]);
  expect((await thief.get('/api/whoami')).status()).toBe(401);
});
