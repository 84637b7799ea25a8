// What a store really holds, asked of the browser or the server, never of the page under test.
import type { Page } from '@playwright/test';
import type { Store } from './bench';

type Value = { name: string; value: string };

export async function contents(page: Page, store: Store): Promise<Record<string, string>> {
  switch (store) {
    case 'Cookies': {
      const cookies = await page.context().cookies(page.url());
      return Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
    }
    case 'sessionStorage':
    case 'localStorage': {
      const devtools = await page.context().newCDPSession(page);
      const storageId = { securityOrigin: new URL(page.url()).origin, isLocalStorage: store === 'localStorage' };
      const { entries } = await devtools.send('DOMStorage.getDOMStorageItems', { storageId });
      await devtools.detach();
      return Object.fromEntries(entries);
    }
    case 'Server session': {
      // From the page's own origin, so that the browser sends its cookies as it always does.
      const { session } = await page.evaluate(async (): Promise<{ session: null | { values: Value[] } }> => {
        const answer = await fetch('/api/observe', { method: 'POST', headers: { accept: 'application/json' } });
        return answer.json();
      });
      return Object.fromEntries((session?.values ?? []).map(({ name, value }) => [name, value]));
    }
    case 'IndexedDB':
      return database(page);
    case 'Cache Storage':
      return Object.fromEntries(await cache(page));
    case 'OPFS':
      return files(page);
    case 'Address':
      return Object.fromEntries(new URL(page.url()).searchParams);
  }
}

/** The lab's database, by the browser's own developer tools. */
async function database(page: Page): Promise<Record<string, string>> {
  const devtools = await page.context().newCDPSession(page);
  const securityOrigin = new URL(page.url()).origin;
  const [databaseName, objectStoreName] = ['lab-bench', 'values'];
  const { databaseNames } = await devtools.send('IndexedDB.requestDatabaseNames', { securityOrigin });
  if (!databaseNames.includes(databaseName)) return {};
  const { objectStoreDataEntries: entries, hasMore } = await devtools.send('IndexedDB.requestData', {
    securityOrigin, databaseName, objectStoreName, skipCount: 0, pageSize: 100,
  });
  await devtools.detach();
  if (hasMore) throw new Error('More than a page of entries.');
  return Object.fromEntries(entries.map(({ key, value }) => [key.value, value.value]));
}

/** The lab's cache, by the browser's own developer tools: the path of each request, taken apart, and its answer. */
async function cache(page: Page): Promise<[string, string][]> {
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  const { caches } = await devtools.send('CacheStorage.requestCacheNames', { securityOrigin: origin });
  const cacheId = caches.find(({ cacheName }) => cacheName === 'lab-bench')?.cacheId;
  if (!cacheId) return [];
  const { cacheDataEntries: entries } = await devtools.send('CacheStorage.requestEntries', { cacheId });
  const found: [string, string][] = [];
  for (const { requestURL, requestHeaders } of entries) {
    const { response } = await devtools.send('CacheStorage.requestCachedResponse', { cacheId, requestURL, requestHeaders });
    const folder = `${origin}/lab/cache/`;
    if (!requestURL.startsWith(folder)) throw new Error(`Not in the lab's folder: ${requestURL}`);
    const name = decodeURIComponent(requestURL.slice(folder.length));
    found.push([name, Buffer.from(response.body, 'base64').toString()]);
  }
  await devtools.detach();
  return found;
}

/** The lab's folder, read by a second page, which is no bench. */
async function files(page: Page): Promise<Record<string, string>> {
  const second = await page.context().newPage();
  await second.goto(new URL('/healthz', page.url()).href);
  const found = await second.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('lab-bench').catch(() => undefined);
    const found: Record<string, string> = {};
    for await (const handle of folder?.values() ?? []) {
      const file = await (handle as FileSystemFileHandle).getFile();
      // A file's own `text()` leaves out U+FEFF at the beginning.
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.arrayBuffer());
      found[decodeURIComponent(handle.name)] = text;
    }
    return found;
  });
  await second.close();
  return found;
}
