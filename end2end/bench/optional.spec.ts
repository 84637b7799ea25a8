// IndexedDB, Cache Storage and OPFS: columns that can be switched on, and then do what the four do. See address.spec.ts too.
import type { Page } from '@playwright/test';
import { Bench, QUOTA_MANAGED, STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const ALL = [...STORES, ...QUOTA_MANAGED];

for (const store of QUOTA_MANAGED) {
  test.describe(store, () => {
    test('an entry is added, edited and deleted here alone', async ({ bench, page }) => {
      const others = ALL.filter((other) => other !== store);
      await bench.open();
      await bench.switchOn(store);
      await expect(bench.header(store)).toContainText('0 bytes in 0 entries');

      await bench.add(store, 'tea', 'green');
      await expect(bench.status).toHaveText(`Put lab-tea in ${store}.`);
      await bench.shows(store, 'lab-tea', 'green');
      expect(await contents(page, store)).toEqual({ 'lab-tea': 'green' });
      for (const other of others) expect(await contents(page, other)).not.toHaveProperty('lab-tea');

      await bench.edit(store, 'lab-tea', 'black');
      await bench.shows(store, 'lab-tea', 'black');
      expect(await contents(page, store)).toEqual({ 'lab-tea': 'black' });

      await bench.delete(store, 'lab-tea');
      await expect(bench.status).toHaveText(`Deleted lab-tea from ${store}.`);
      await bench.lacks(store, 'lab-tea');
      expect(await contents(page, store)).toEqual({});
    });

    test('what was deleted or cleared can be put back', async ({ bench, page }) => {
      await bench.open();
      await bench.switchOn(store);
      await bench.add(store, 'one', '1');
      await bench.shows(store, 'lab-one', '1');
      await bench.add(store, 'two', '2');
      await bench.shows(store, 'lab-two', '2');
      const before = await contents(page, store);

      await bench.delete(store, 'lab-one');
      await bench.lacks(store, 'lab-one');
      await bench.button('Undo').click();
      await bench.shows(store, 'lab-one', '1');

      await bench.clear(store);
      await expect(bench.status).toHaveText(`Deleted 2 entries from ${store}.`);
      await expect((await bench.menu(store)).getByRole('button', { name: `Clear ${store}` })).toBeDisabled();
      await page.keyboard.press('Escape');
      expect(await contents(page, store)).toEqual({});
      await bench.button('Undo').click();
      await bench.shows(store, 'lab-one', '1');
      await bench.shows(store, 'lab-two', '2');
      expect(await contents(page, store)).toEqual(before);
      await bench.button('Redo').click();
      await bench.lacks(store, 'lab-one');
      expect(await contents(page, store)).toEqual({});
    });

    test('a name with every kind of character is kept as it is', async ({ bench, page }) => {
      await bench.open();
      await bench.switchOn(store);
      const name = 'lab-a/b?c=ü #%2F..\\ 😀';
      await bench.add(store, 'a/b?c=ü #%2F..\\ 😀', 'Zürich');
      await bench.shows(store, name, 'Zürich');
      await expect(bench.cell(store, name)).toContainText('32 bytes, 28 UTF-16 units');
      await expect(bench.cell(store, name)).toContainText('never ends');
      expect(await contents(page, store)).toEqual({ [name]: 'Zürich' });
      await bench.delete(store, name);
      await bench.lacks(store, name);
      expect(await contents(page, store)).toEqual({});
    });

    test('a value of five megabytes is kept whole', async ({ bench, page }) => {
      const value = 'x'.repeat(5_000_000);
      await bench.open();
      await bench.switchOn(store);
      await bench.add(store, 'big', value);
      await expect(bench.cell(store, 'lab-big')).toContainText('5,000,007 bytes');
      await expect(bench.header(store)).toContainText('5,000,007 bytes in 1 entry');
      const held = await contents(page, store);
      // Not compared as a whole: a difference would be printed.
      expect(held['lab-big'] === value).toBe(true);
    });

    test('a change in one tab shows in the other', async ({ bench, context }) => {
      await bench.open();
      await bench.switchOn(store);
      const other = await new Bench(await context.newPage()).open();
      await expect(other.columnSwitch(store)).toHaveAttribute('aria-pressed', 'true');

      await bench.add(store, 'tea', 'green');
      await other.shows(store, 'lab-tea', 'green');
      await other.edit(store, 'lab-tea', 'black');
      await bench.shows(store, 'lab-tea', 'black');
      await bench.delete(store, 'lab-tea');
      await other.lacks(store, 'lab-tea');
    });

    test('what a page that is no bench has changed shows when one comes back', async ({ bench, context, page }) => {
      await bench.open();
      await bench.switchOn(store);
      await bench.add(store, 'tea', 'green');
      await bench.shows(store, 'lab-tea', 'green');
      const other = await context.newPage();
      await other.goto('/healthz');
      await change(other, 'lab-tea', 'black');
      await page.evaluate(() => window.dispatchEvent(new Event('focus')));
      await bench.shows(store, 'lab-tea', 'black');
    });

    test('the column is remembered until it is switched off; what it holds stays', async ({ bench, page }) => {
      await bench.open();
      await expect(bench.header(store)).toHaveCount(0);
      await bench.switchOn(store);
      await bench.add(store, 'tea', 'green');
      await bench.shows(store, 'lab-tea', 'green');

      await page.reload();
      await bench.shows(store, 'lab-tea', 'green');
      await expect(bench.columnSwitch(store)).toHaveAttribute('aria-pressed', 'true');

      await bench.columnSwitch(store).click();
      await expect(bench.header(store)).toHaveCount(0);
      await expect(bench.status).toHaveText(`${store} is not shown any more. What it holds stays.`);
      await page.reload();
      await bench.awake();
      await expect(bench.header(store)).toHaveCount(0);
      expect(await contents(page, store)).toEqual({ 'lab-tea': 'green' });
      expect(await contents(page, 'localStorage')).not.toHaveProperty('lab-columns');
    });

    test('what others keep there is told and left alone', async ({ bench, page }) => {
      await bench.open();
      await page.evaluate(async () => {
        const opened = indexedDB.open('notes', 3);
        await new Promise((resolve) => (opened.onsuccess = resolve));
        opened.result.close();
        await (await caches.open('pages')).put('/somewhere', new Response('text'));
        const root = await navigator.storage.getDirectory();
        const stream = await (await root.getFileHandle('draft.txt', { create: true })).createWritable();
        await stream.write('text');
        await stream.close();
      });
      await bench.switchOn(store);
      const others = (await bench.menu(store)).getByRole('list', { name: 'Also of this origin' }).getByRole('listitem');
      const told = { IndexedDB: 'database notes, version 3', 'Cache Storage': 'cache pages, 1 answer', OPFS: 'file draft.txt, 4 bytes' };
      await expect(others).toHaveText([told[store]]);
      await page.keyboard.press('Escape');
      await bench.add(store, 'tea', 'green');
      await bench.shows(store, 'lab-tea', 'green');
      await bench.clear(store);
      await bench.lacks(store, 'lab-tea');
      await bench.menu(store);
      await expect(others).toHaveText([told[store]]);
    });

    test('a browser that denies it is told apart from an empty one, and the others still take a value', async ({ bench, page }) => {
      await page.addInitScript(() => {
        const denied = () => Promise.reject(new DOMException('', 'SecurityError'));
        IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };
        CacheStorage.prototype.has = CacheStorage.prototype.open = denied;
        StorageManager.prototype.getDirectory = denied;
      });
      await bench.open();
      await bench.columnSwitch(store).click();
      const words = 'This browser denies this page the store: private windows often do.';
      await expect(bench.status).toHaveText(`${store}: ${words}`);
      await expect(bench.header(store)).toContainText('Not readable here');
      await expect(await bench.menu(store)).toContainText(words);
      await page.keyboard.press('Escape');
      await bench.put('tea', 'green');
      await expect(bench.status).toHaveText('4 of 5 stores took lab-tea; the form says why the others did not.');
      await expect(bench.valueField).toHaveAccessibleDescription(new RegExp(`${store}: ${words}`));
      for (const other of STORES) await bench.shows(other, 'lab-tea', 'green');
    });

    test('a browser without it says so', async ({ bench, page }) => {
      await page.addInitScript(() => {
        for (const name of ['indexedDB', 'caches']) Object.defineProperty(window, name, { value: undefined });
        Reflect.deleteProperty(StorageManager.prototype, 'getDirectory');
      });
      await bench.open();
      await bench.columnSwitch(store).click();
      await expect(bench.header(store)).toContainText('Not readable here');
      await expect(await bench.menu(store)).toContainText('This browser has no such store for this page.');
      await page.keyboard.press('Escape');
      await bench.add(store, 'tea', 'green');
      await expect(bench.addForm(store).getByRole('alert')).toContainText('This browser has no such store for this page.');
    });

    test('a full browser is explained, and what was typed stays', async ({ bench, context, page }) => {
      await bench.open();
      await bench.switchOn(store);
      const devtools = await context.newCDPSession(page);
      const { origin } = new URL(page.url());
      await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 });
      await bench.add(store, 'big', 'x'.repeat(2_000_000));
      const form = bench.addForm(store);
      await expect(form.getByRole('alert')).toContainText('The browser has no room for it (QuotaExceededError).');
      await expect(form.getByRole('textbox', { name: 'Name' })).toHaveValue('big');
      expect(await contents(page, store)).toEqual({});
    });
  });
}

/** Puts a value into all three places of the lab, by nothing but the browser. */
async function change(page: Page, name: string, value: string): Promise<void> {
  await page.evaluate(
    async ([name, value]) => {
      const opened = indexedDB.open('lab-bench', 1);
      opened.onupgradeneeded = () => opened.result.createObjectStore('values');
      await new Promise((resolve) => (opened.onsuccess = resolve));
      const transaction = opened.result.transaction('values', 'readwrite');
      transaction.objectStore('values').put(value, name);
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      opened.result.close();
      await (await caches.open('lab-bench')).put(`/lab/cache/${name}`, new Response(value));
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('lab-bench', { create: true });
      const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await stream.write(value);
      await stream.close();
    },
    [name, value] as const,
  );
}

test('“Put in all four” puts into the further columns too, as one step', async ({ bench, page }) => {
  await bench.open();
  await bench.switchOn(...QUOTA_MANAGED);
  await bench.put('tea', 'Zürich 😀');
  await expect(bench.status).toHaveText('Put lab-tea in all 7 stores.');
  for (const store of ALL) expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'Zürich 😀' });
  await bench.button('Undo').click();
  await expect(bench.status).toHaveText('Undone: Put lab-tea in all 7 stores.');
  for (const store of ALL) expect(await contents(page, store)).not.toHaveProperty('lab-tea');
});

test('looking at the three makes none of them', async ({ bench, page }) => {
  await bench.open();
  await bench.switchOn(...QUOTA_MANAGED);
  const made = await page.evaluate(async () => [
    (await indexedDB.databases()).length,
    (await caches.keys()).length,
    (await (await navigator.storage.getDirectory()).keys().next()).done ? 0 : 1,
  ]);
  expect(made).toEqual([0, 0, 0]);
});

test('the browser’s own count is told as it gives it', async ({ bench, page }) => {
  await bench.open();
  await bench.switchOn(...QUOTA_MANAGED);
  const { quota } = await page.evaluate(() => navigator.storage.estimate());
  for (const store of QUOTA_MANAGED) {
    await expect(bench.header(store).getByRole('meter', { name: `${store} used` })).toHaveAttribute('max', String(quota));
    await expect(await bench.menu(store)).toContainText(`all stores together may take ${quota!.toLocaleString('en')} bytes`);
    await page.keyboard.press('Escape');
  }
});

test('what reaches the three is not fetched before a column is switched on', async ({ bench, page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await bench.open();
  const before = fetched.filter((path) => path.endsWith('.wasm')).length;
  await bench.switchOn('IndexedDB');
  expect(fetched.filter((path) => path.endsWith('.wasm')).length).toBeGreaterThan(before);
});

test('a chunk that cannot be fetched is told, and switching on again tries again', async ({ bench, context, tolerate }) => {
  tolerate(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  await bench.open();
  await context.setOffline(true);
  await bench.columnSwitch('OPFS').click();
  await expect(bench.status).toContainText('OPFS: The part of the page that reaches this store could not be fetched.');
  await context.setOffline(false);
  await bench.columnSwitch('OPFS').click();
  await bench.switchOn('OPFS');
});
