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
  }
}
