// From the sign-up to the log-out, with scripts. The driver's cookies and the server say who is logged in.
import { Bench } from '../support/engine/bench';
import type { Cookie, Session } from '../support/engine/engine';
import { expect, NO_SECURE_COOKIES, ONCE, test } from '../support/engine/fixtures';
import { soon, type Tab } from '../support/engine/tab';
import { type Person, SESSION_COOKIE, somebody } from '../support/people';

const FIVE_WORDS = /^([a-z-]+ ){4}[a-z-]+$/;

async function fillIn(tab: Tab, { username, password }: Person): Promise<void> {
  await tab.role('textbox', 'Username').fill(username);
  await tab.label('Password').fill(password);
}

/** Signs up from the bench, so that scripts are there, and comes to the log-in page. */
async function signUp(tab: Tab, person: Person): Promise<void> {
  await new Bench(tab).open();
  await tab.role('link', 'Sign up').click();
  await soon(() => tab.role('heading', 'Sign up').isThere()).toBe(true);
  await fillIn(tab, person);
  await tab.role('button', 'Sign up').click();
  await soon(() => tab.role('main').text()).toContain('Your account is made. Log in with it now.');
}

async function logIn(tab: Tab, person: Person): Promise<void> {
  await fillIn(tab, person);
  await tab.role('button', 'Log in').click();
}

const logInCookies = async (session: Session, base: string): Promise<Cookie[]> =>
  (await session.cookies(base)).filter(({ name }) => name === SESSION_COOKIE);

test('a person signs up, logs in, sees the account and logs out for good', async ({ baseURL, carrying, keepsSecure, session, tab, tolerate }) => {
  test.skip(!keepsSecure, NO_SECURE_COOKIES);
  tolerate(/\b401\b/);
  const person = somebody();
  await signUp(tab, person);
  expect(await tab.role('textbox', 'Username').value()).toBe(person.username);
  await logIn(tab, { ...person, password: 'not the right password' });
  await soon(() => tab.role('alert').text()).toContain('do not go together');
  expect(await logInCookies(session, baseURL!)).toEqual([]);

  await logIn(tab, person);
  await soon(() => tab.role('main').text()).toContain(`You are logged in as ${person.username}`);
  const cookies = await logInCookies(session, baseURL!);
  expect(cookies).toMatchObject([{ httpOnly: true, secure: true, path: '/' }]);
  expect(await tab.page.evaluate(() => document.cookie)).not.toContain(SESSION_COOKIE);
  const thief = await carrying(cookies);
  expect(await (await thief.get('/api/whoami')).json()).toMatchObject({ username: person.username });
  await tab.reload();
  await soon(() => tab.role('main').text()).toContain(`You are logged in as ${person.username}`);

  await tab.role('button', 'Log out').click();
  await soon(() => tab.role('link', 'Log in').isThere()).toBe(true);
  expect(await logInCookies(session, baseURL!)).toEqual([]);
  expect((await thief.get('/api/whoami')).status()).toBe(401);
});

test('the account page says where one is logged in, and changes the password', async ({ baseURL, keepsSecure, request, session, tab }) => {
  test.skip(!keepsSecure, NO_SECURE_COOKIES);
  const person = somebody();
  await signUp(tab, person);
  await logIn(tab, person);
  const sessions = tab.role('region', 'Where you are logged in').role('listitem');
  await soon(() => sessions.count()).toBe(1);
  expect(await sessions.text()).toContain('this one');
  const [before] = await logInCookies(session, baseURL!);

  const form = tab.role('region', 'Change password');
  const { password } = somebody();
  await form.label('Current password').fill(person.password);
  await form.label('New password').fill(password);
  await form.role('button', 'Change password').click();
  await soon(() => form.text()).toContain('Your password is changed.');
  const [after] = await logInCookies(session, baseURL!);
  expect(after!.value).not.toBe(before!.value);
  const tried = async (password: string) =>
    (await request.post('/api/login', { form: { ...person, password }, headers: { accept: 'application/json' } })).status();
  expect(await tried(person.password)).toBe(401);
  expect(await tried(password)).toBe(200);
});

test('where a browser keeps no log-in, the page claims none', async ({ baseURL, carrying, keepsSecure, session, tab, tolerate }) => {
  test.skip(keepsSecure, 'This browser keeps the cookie.');
  tolerate(/\b401\b/);
  const person = somebody();
  await signUp(tab, person);
  await logIn(tab, person);
  await soon(() => tab.role('button', 'Log in').isThere()).toBe(true);
  expect(await logInCookies(session, baseURL!)).toEqual([]);
  expect((await (await carrying(await session.cookies(baseURL!))).get('/api/whoami')).status()).toBe(401);
  expect(await tab.role('main').text()).not.toContain('You are logged in as');
  expect(await tab.role('button', 'Log out').isThere()).toBe(false);
});

test('a password is judged while it is typed', ONCE, async ({ tab }) => {
  await new Bench(tab).open();
  await tab.role('link', 'Sign up').click();
  const meter = tab.role('meter', 'Password strength');
  await soon(() => tab.label('Password').isThere()).toBe(true);
  expect(await meter.isThere()).toBe(false);
  for (const [typed, level, says] of [
    ['too short', '0', 'Too short: 6 characters more'],
    ['aaaaaaaaaaaaaaaaaaaa', '0', 'That password repeats itself'],
    ['zebra lamp violin gravel', '4', 'Strong'],
  ] as const) {
    await tab.label('Password').fill(typed);
    await soon(() => tab.role('main').text()).toContain(says);
    expect(await meter.attribute('value')).toBe(level);
  }
});

test('a suggested passphrase is five words, and another each time', ONCE, async ({ tab }) => {
  await new Bench(tab).open();
  await tab.role('link', 'Sign up').click();
  const password = tab.label('Password');
  const suggest = tab.role('button', 'Suggest a passphrase');
  await suggest.click();
  await soon(() => password.value()).toMatch(FIVE_WORDS);
  const first = await password.value();
  await suggest.click();
  await soon(() => password.value()).not.toBe(first);
  expect(await password.value()).toMatch(FIVE_WORDS);
});

test('a log-in whose cookie the browser does not keep says so', async ({ keepsSecure, tab }) => {
  test.skip(keepsSecure, 'This browser keeps it.');
  const person = somebody();
  await signUp(tab, person);
  await logIn(tab, person);
  await soon(() => tab.role('alert').text()).toContain('this browser did not keep the cookie of your log-in');
  await soon(() => tab.role('button', 'Log in').isThere()).toBe(true);
});
