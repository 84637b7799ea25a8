// What every test in a stock engine starts with: a browser without anything kept, and a page of it.
import { type APIRequestContext, expect, test as base } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import type { Store } from '../bench';
import { type Person, signUp, somebody } from '../people';
import { available } from './available';
import { contents } from './contents';
import type { Browser, Cookie, Engine, Scheme, Session } from './engine';
import { urlVariable } from './servers';
import { Tab } from './tab';

export { expect };

/** Why a test is left out where they are not kept. */
export const NO_SECURE_COOKIES = 'WebKit takes no Secure cookie over http://localhost: over TLS this is tested.';

/** The tag of a test of what no scheme changes: it is run over plain HTTP only. */
export const ONCE = { tag: '@once' };

export type Options = { engine: Engine; scheme: Scheme; scripts: boolean; cookies: boolean };

/** What Firefox says of a page that names no icon, such as an answer in plain text. */
const ICON = /\/favicon\.ico/;

type Shared = { driven: Browser };

type Fixtures = {
  session: Session;
  tab: Tab;
  /** Opens a further tab. */
  another: () => Promise<Tab>;
  /** Somebody with an account, not logged in. */
  user: Person;
  /** Lets errors pass that the test itself brings about. */
  tolerate: (pattern: RegExp) => void;
  /** Somebody who sends these cookies from elsewhere: what the server makes of them is not the browser's word. */
  carrying: (cookies: Cookie[]) => Promise<APIRequestContext>;
  /** What a store holds, by others than the page. */
  holds: (tab: Tab, store: Store) => Promise<Record<string, string>>;
  /** Whether the browser keeps `Secure` cookies here, the session's among them: WebKit does not over http://localhost. */
  keepsSecure: boolean;
  /** Skips the test where the engine is missing. */
  isHere: void;
};

export const test = base.extend<Fixtures, Options & Shared>({
  engine: ['firefox', { option: true, scope: 'worker' }],
  scheme: ['http', { option: true, scope: 'worker' }],
  scripts: [true, { option: true, scope: 'worker' }],
  cookies: [true, { option: true, scope: 'worker' }],

  driven: [
    async ({ cookies, engine, scripts }, use) => {
      const found = available(engine);
      if ('why' in found) throw new Error(found.why);
      const browser = await found.launch({ scripts, cookies });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  isHere: [
    async ({ engine }, use, testInfo) => {
      const found = available(engine);
      testInfo.skip('why' in found, 'why' in found ? found.why : '');
      await use();
    },
    { auto: true },
  ],

  keepsSecure: async ({ engine, scheme }, use) => use(engine !== 'webkit' || scheme === 'https'),

  baseURL: async ({ scheme }, use) => use(process.env[urlVariable(scheme)]!),

  session: async ({ driven }, use) => {
    const session = await driven.session();
    await use(session);
    await session.close();
  },

  tab: async ({ another }, use, testInfo) => {
    const tab = await another();
    await use(tab);
    if (testInfo.status !== testInfo.expectedStatus && !tab.isClosed) {
      writeFileSync(testInfo.outputPath('page.png'), await tab.page.picture());
    }
  },

  another: async ({ baseURL, session }, use) => {
    const tabs: Tab[] = [];
    await use(async () => {
      const tab = new Tab(await session.page(), baseURL!);
      tabs.push(tab);
      return tab;
    });
    // No page may say of itself that it is broken.
    for (const tab of tabs) if (!tab.isClosed) expect(await tab.broken.texts()).toEqual([]);
  },

  // What a page throws or writes as an error fails a test.
  tolerate: [
    async ({ session }, use) => {
      const tolerated = [ICON];
      await use((pattern) => tolerated.push(pattern));
      const errors = await session.errors();
      expect(errors.filter((error) => !tolerated.some((pattern) => pattern.test(error)))).toEqual([]);
    },
    { auto: true },
  ],

  user: async ({ request }, use) => {
    const person = somebody();
    await signUp(request, person);
    await use(person);
  },

  holds: async ({ baseURL, carrying, session }, use) => {
    await use((tab, store) => contents({ session, base: baseURL!, carrying }, tab, store));
  },

  carrying: async ({ baseURL, playwright }, use) => {
    const contexts: APIRequestContext[] = [];
    await use(async (cookies) => {
      const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      const context = await playwright.request.newContext({
        baseURL, extraHTTPHeaders: cookie ? { cookie } : {}, ignoreHTTPSErrors: true, maxRedirects: 0,
      });
      contexts.push(context);
      return context;
    });
    for (const context of contexts) await context.dispose();
  },
});
