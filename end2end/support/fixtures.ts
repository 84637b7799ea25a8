// What every test starts with. A test that uses `user` has an account of its own.
import { test as base, expect, type APIRequestContext, type BrowserContext, type Page } from '@playwright/test';
import { Bench } from './bench';
import { logIn, type Person, SESSION_COOKIE, signUp, somebody } from './people';
import { Server } from './server';
import { type Database, urlVariable } from './servers';

export { expect };

/** How the second browser introduces itself, and what the account page makes of it. */
export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
export const FIREFOX_HERE = 'Firefox on Linux, 127.0.0.1';

export type Options = { database: Database };

type Fixtures = {
  /** The page `/`. */
  bench: Bench;
  /** Somebody with an account, not logged in. */
  user: Person;
  /** Lets console errors pass that the test itself brings about, such as the line for a 404. */
  tolerate: (pattern: RegExp) => void;
  /** A server of the test's own, on a database of its own. */
  launch: (flags?: string[]) => Promise<Server>;
  /** A page of a second browser, in which somebody is logged in. */
  elsewhere: (person: Person) => Promise<Page>;
  /** Who has copied a session cookie and sends it from elsewhere. */
  thief: (cookieValue: string) => Promise<APIRequestContext>;
};

export const test = base.extend<Fixtures, Options>({
  database: ['sqlite', { option: true, scope: 'worker' }],

  baseURL: async ({ database }, use) => {
    const url = process.env[urlVariable(database)];
    if (!url) throw new Error('STORAGE_LAB_TEST_POSTGRES must name an empty PostgreSQL database.');
    await use(url);
  },

  bench: async ({ page }, use) => use(new Bench(page)),

  user: async ({ request }, use) => {
    const person = somebody();
    await signUp(request, person);
    await use(person);
  },

  // Console errors, uncaught exceptions and violations of the Content-Security-Policy fail a test.
  tolerate: [
    async ({ context }, use) => {
      const errors: string[] = [];
      const tolerated: RegExp[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (error) => errors.push(String(error.error())));
      await use((pattern) => tolerated.push(pattern));
      expect(errors.filter((error) => !tolerated.some((pattern) => pattern.test(error)))).toEqual([]);
    },
    { auto: true },
  ],

  launch: async ({ context }, use, testInfo) => {
    const servers: Server[] = [];
    await use(async (flags) => {
      const file = (ending: string) => testInfo.outputPath(`server-${servers.length}.${ending}`);
      const server = await Server.launch({ database: `sqlite://${file('db')}`, log: file('log'), flags });
      servers.push(server);
      return server;
    });
    // A page that still asks now and then would note that its server is gone.
    for (const page of context.pages()) await page.close();
    for (const server of servers) await server.stop();
  },

  elsewhere: async ({ baseURL, browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (person) => {
      const context = await browser.newContext({ baseURL, userAgent: FIREFOX });
      contexts.push(context);
      await logIn(context.request, person);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  thief: async ({ playwright, baseURL }, use) => {
    const contexts: APIRequestContext[] = [];
    await use(async (value) => {
      const headers = { cookie: `${SESSION_COOKIE}=${value}` };
      const context = await playwright.request.newContext({ baseURL, extraHTTPHeaders: headers, maxRedirects: 0 });
      contexts.push(context);
      return context;
    });
    for (const context of contexts) await context.dispose();
  },
});
