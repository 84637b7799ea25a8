// What a store really holds, asked of the driver, the server or a page that runs none of our scripts.
import type { APIRequestContext } from '@playwright/test';
import type { Store } from '../bench';
import type { Cookie, Session } from './engine';
import { Tab } from './tab';

type Asked = { session: Session; base: string; carrying: (cookies: Cookie[]) => Promise<APIRequestContext> };
type Entries = Record<string, string>;

/** sessionStorage is a tab's own, so it is read in it; all others are read from outside. */
export async function contents({ session, base, carrying }: Asked, tab: Tab, store: Store): Promise<Entries> {
  switch (store) {
    case 'Cookies':
      return Object.fromEntries((await session.cookies(base)).map(({ name, value }) => [name, value]));
    case 'Server session': {
      const request = await carrying(await session.cookies(base));
      const answer = await request.post('/api/observe', { headers: { accept: 'application/json' } });
      const { session: held } = (await answer.json()) as { session: null | { values: { name: string; value: string }[] } };
      return Object.fromEntries((held?.values ?? []).map(({ name, value }) => [name, value]));
    }
    case 'sessionStorage':
      return tab.page.evaluate(() => ({ ...sessionStorage }) as Entries);
    case 'Address':
      return Object.fromEntries(new URL(await tab.page.url()).searchParams);
    default:
      return elsewhere(session, base, READERS[store]);
  }
}

/** Reads in a further page, which is no bench. */
async function elsewhere(session: Session, base: string, read: () => Promise<Entries>): Promise<Entries> {
  const page = await session.page();
  await page.goto(new URL('/healthz', base).href);
  const found = await page.evaluate(read);
  await page.close();
  return found;
}

const READERS = {
  localStorage: async () => ({ ...localStorage }) as Entries,

  IndexedDB: async () => {
    const databases = await indexedDB.databases();
    if (!databases.some(({ name }) => name === 'lab-bench')) return {};
    const settled = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((done, fail) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
    const database = await settled(indexedDB.open('lab-bench'));
    const values = database.transaction('values').objectStore('values');
    const [names, all] = [await settled(values.getAllKeys()), await settled(values.getAll())];
    database.close();
    return Object.fromEntries(names.map((name, at) => [String(name), String(all[at])]));
  },

  'Cache Storage': async () => {
    const cache = (await caches.has('lab-bench')) ? await caches.open('lab-bench') : undefined;
    const found: Entries = {};
    for (const request of (await cache?.keys()) ?? []) {
      const name = decodeURIComponent(new URL(request.url).pathname.replace('/lab/cache/', ''));
      found[name] = await (await cache!.match(request))!.text();
    }
    return found;
  },

  OPFS: async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('lab-bench').catch(() => undefined);
    const found: Entries = {};
    for await (const handle of folder?.values() ?? []) {
      const file = await (handle as FileSystemFileHandle).getFile();
      found[decodeURIComponent(handle.name)] = await file.text();
    }
    return found;
  },
};
