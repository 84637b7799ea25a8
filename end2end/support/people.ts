// The people in the tests, and what they do with their accounts.
import { type APIRequestContext, type BrowserContext, expect, type Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';

/** In every password of the tests, so that it can be searched for. */
export const PASSWORD_MARK = 'four unrelated words';
export const SESSION_COOKIE = '__Host-session';

export type Person = { username: string; password: string };

/** Somebody nobody else in the run has heard of. */
export function somebody(): Person {
  const unique = randomUUID().slice(0, 8);
  return { username: `Ada.${unique}`, password: `${PASSWORD_MARK} and ${randomUUID()}` };
}

/** Makes the account the quick way, over HTTP. */
export async function signUp(request: APIRequestContext, person: Person): Promise<void> {
  const answer = await request.post('/api/signup', { form: person, headers: { accept: 'application/json' } });
  expect(answer.status()).toBe(200);
}

/** Logs in the quick way; the cookie lands in the browser the request belongs to. */
export async function logIn(request: APIRequestContext, person: Person): Promise<void> {
  const answer = await request.post('/api/login', { form: person, headers: { accept: 'application/json' } });
  expect(answer.status()).toBe(200);
}

/** Tries to log in, for those who want to know what comes of it. */
export async function tryToLogIn(request: APIRequestContext, person: Person): Promise<number> {
  return (await request.post('/api/login', { form: person, headers: { accept: 'application/json' } })).status();
}

/** Makes an account on a server of the test's own and logs in to it. */
export async function settleOn(page: Page, url: string): Promise<Person> {
  const person = somebody();
  for (const step of ['signup', 'login']) {
    const answer = await page.request.post(`${url}/api/${step}`, { form: person, headers: { accept: 'application/json' } });
    expect(answer.status()).toBe(200);
  }
  return person;
}

/** Fills in the form of the log-in or sign-up page. */
export async function fillIn(page: Page, { username, password }: Person): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
}

/** Fills in the log-in page and sends it. */
export async function logInOnPage(page: Page, person: Person): Promise<void> {
  await fillIn(page, person);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** The session cookie as the browser holds it: its two halves and its attributes. */
export async function sessionCookie(context: BrowserContext) {
  const cookie = (await context.cookies()).find(({ name }) => name === SESSION_COOKIE);
  if (!cookie) return undefined;
  const [id = '', secret = ''] = cookie.value.split('.');
  return { ...cookie, id, secret };
}
