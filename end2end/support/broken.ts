// A browser that denies pages all storage, or has no room for anything.
import type { BrowserContext } from '@playwright/test';

/** Every access of a page's scripts to anything that keeps data throws a `SecurityError`. */
export async function denyStorage(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const denied = () => new DOMException('The operation is insecure.', 'SecurityError');
    const deny = (owner: object, name: string) => {
      const refuse = () => {
        throw denied();
      };
      Object.defineProperty(owner, name, { get: refuse, set: refuse, configurable: true });
    };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) deny(window, name);
    deny(Document.prototype, 'cookie');
    Object.defineProperty(window, 'cookieStore', { value: undefined, configurable: true });
    // As Chromium and Firefox do where they deny storage: locks are kept by site, too.
    if ('locks' in navigator) Object.defineProperty(LockManager.prototype, 'request', { value: () => Promise.reject(denied()), configurable: true });
    for (const name of ['getDirectory', 'estimate', 'persisted', 'persist']) {
      Object.defineProperty(StorageManager.prototype, name, { value: () => Promise.reject(denied()), configurable: true });
    }
  });
}

/** Whatever is written throws a `QuotaExceededError`; cookies are dropped without a word, those of the server as well. */
export async function leaveNoRoom(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const full = () => new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    const refuse = () => {
      throw full();
    };
    Storage.prototype.setItem = refuse;
    IDBObjectStore.prototype.put = refuse;
    IDBObjectStore.prototype.add = refuse;
    Cache.prototype.put = () => Promise.reject(full());
    FileSystemFileHandle.prototype.createWritable = () => Promise.reject(full());
    StorageManager.prototype.estimate = () => Promise.resolve({ usage: 0, quota: 0 });
    const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')!;
    Object.defineProperty(Document.prototype, 'cookie', { ...cookie, set: () => {} });
    Object.defineProperty(window, 'cookieStore', { value: undefined, configurable: true });
  });
  // Asked for outside the browser: the cookies of what Playwright fetches go into the browser's jar.
  await context.route('**/*', async (route) => {
    const request = route.request();
    const { url, method, headers, body } = {
      url: request.url(), method: request.method(), headers: request.headers(), body: request.postDataBuffer(),
    };
    const answer = await fetch(url, { method, headers, body: body && new Uint8Array(body), redirect: 'manual' }).catch(() => undefined);
    if (!answer) return route.abort();
    const kept = [...answer.headers].filter(([name]) => !['set-cookie', 'content-encoding', 'content-length'].includes(name));
    await route.fulfill({ status: answer.status, headers: Object.fromEntries(kept), body: Buffer.from(await answer.arrayBuffer()) });
  });
}

/** Tabs cannot tell each other anything. */
export async function denyChannels(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    window.BroadcastChannel = new Proxy(BroadcastChannel, { construct: refuse });
  });
}

/** What a page says when a script of it has failed. */
export const SCRIPT_FAILED = /^A script of this page has failed, so parts of it may no longer answer\. What was stored is still there\. Reload/;
