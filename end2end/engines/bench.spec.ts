// The bench's story: values are put, changed, deleted and brought back, and each tool does its work. What the stores hold
// is asked of the driver, the server or another page.
import { QUOTA_MANAGED, type Store, STORES } from '../support/bench';
import { Bench } from '../support/engine/bench';
import { expect, NO_SECURE_COOKIES, ONCE, test } from '../support/engine/fixtures';
import { openWindowIfAsked, soon, type Tab } from '../support/engine/tab';

/** Without the session's cookie there is no session. */
const storesWhere = (keepsSecure: boolean): readonly Store[] =>
  keepsSecure ? STORES : STORES.filter((store) => store !== 'Server session');

test('a value is put into all four stores, changed, deleted and brought back', async ({ holds, keepsSecure, tab }) => {
  test.slow();
  const bench = await new Bench(tab).open();
  await bench.put('colour', 'blue');
  const stores = storesWhere(keepsSecure);
  for (const store of stores) {
    await bench.shows(store, 'lab-colour', 'blue');
    expect(await holds(tab, store), store).toMatchObject({ 'lab-colour': 'blue' });
  }
  for (const store of stores) {
    await bench.edit(store, 'lab-colour', `blue of ${store}`);
    await bench.shows(store, 'lab-colour', `blue of ${store}`);
    expect(await holds(tab, store), store).toMatchObject({ 'lab-colour': `blue of ${store}` });
    await bench.delete(store, 'lab-colour');
    await bench.lacks(store, 'lab-colour');
    expect(await holds(tab, store), store).not.toHaveProperty('lab-colour');
    await bench.button('Undo').click();
    await bench.shows(store, 'lab-colour', `blue of ${store}`);
    expect(await holds(tab, store), store).toMatchObject({ 'lab-colour': `blue of ${store}` });
  }
});

test('where a browser keeps no session, the bench does not claim that it holds the value', async ({ holds, keepsSecure, tab }) => {
  test.skip(keepsSecure, 'This browser keeps the session’s cookie.');
  const bench = await new Bench(tab).open();
  await bench.put('colour', 'blue');
  await bench.shows('localStorage', 'lab-colour', 'blue');
  await soon(() => bench.status.text()).not.toBe('');
  expect(await bench.status.text()).not.toBe('Put lab-colour in all four stores.');
  await tab.reload();
  await bench.awake();
  await bench.lacks('Server session', 'lab-colour');
  expect(await holds(tab, 'Server session')).toEqual({});
});

test('a value that another program changes on the server appears by itself and is told', async ({ baseURL, carrying, keepsSecure, session, tab }) => {
  test.skip(!keepsSecure, NO_SECURE_COOKIES);
  const bench = await new Bench(tab).open();
  await bench.add('Server session', 'tea', 'green');
  await bench.shows('Server session', 'lab-tea', 'green');
  await bench.listening();
  const program = await carrying(await session.cookies(baseURL!));
  const answer = await program.post('/api/values/put', {
    form: { name: 'lab-tea', value: 'black' }, headers: { accept: 'application/json' },
  });
  expect(answer.status()).toBe(200);
  await bench.shows('Server session', 'lab-tea', 'black');
  await bench.says('The server changed lab-tea in Server session.');
});

test('values that differ are marked, and a name is put where it is missing and deleted everywhere', ONCE, async ({ holds, tab }) => {
  const bench = await new Bench(tab).open();
  for (const [store, value] of [['Cookies', 'green'], ['sessionStorage', 'green'], ['localStorage', 'black']] as const) {
    await bench.add(store, 'tea', value);
    await bench.shows(store, 'lab-tea', value);
  }
  await soon(() => bench.row('lab-tea').text()).toContain('values differ');
  await soon(() => bench.cell('localStorage', 'lab-tea').attribute('data-differs')).not.toBeNull();
  await soon(() => bench.cell('Cookies', 'lab-tea').attribute('data-differs')).toBeNull();
  await bench.delete('sessionStorage', 'lab-tea');
  await bench.lacks('sessionStorage', 'lab-tea');
  await bench.edit('localStorage', 'lab-tea', 'green');
  await bench.shows('localStorage', 'lab-tea', 'green');
  await bench.inCell('Put', 'sessionStorage', 'lab-tea').click();
  await bench.shows('sessionStorage', 'lab-tea', 'green');
  expect(await holds(tab, 'sessionStorage')).toEqual({ 'lab-tea': 'green' });
  await bench.row('lab-tea').role('button', 'Delete lab-tea everywhere').click();
  await bench.says('Deleted lab-tea everywhere.');
  for (const store of ['Cookies', 'sessionStorage', 'localStorage'] as const) expect(await holds(tab, store), store).toEqual({});
  await bench.button('Undo').click();
  await bench.shows('Cookies', 'lab-tea', 'green');
  for (const store of ['Cookies', 'sessionStorage', 'localStorage'] as const) {
    expect(await holds(tab, store), store).toEqual({ 'lab-tea': 'green' });
  }
});

test('the grid is worked with the keyboard', ONCE, async ({ holds, tab }) => {
  await tab.open('/healthz');
  await tab.page.evaluate(() => ['a', 'b', 'c', 'd'].forEach((name) => localStorage.setItem(`lab-${name}`, name)));
  const bench = await new Bench(tab).open();
  const header = (name: string) => bench.rowHeader(name);
  const cell = (name: string) => bench.cell('localStorage', name);
  await soon(() => bench.grid.attribute('aria-rowcount')).toBe('9');
  await header('lab-a').focus();
  for (const [key, goal] of [
    ['ArrowDown', header('lab-b')],
    ['ArrowRight', bench.cell('Cookies', 'lab-b')],
    ['ArrowRight', bench.cell('sessionStorage', 'lab-b')],
    ['ArrowRight', cell('lab-b')],
    ['ArrowUp', cell('lab-a')],
    ['Home', header('lab-a')],
    ['PageDown', header('lab-d')],
    ['Control+Home', header('lab-a')],
    ['ArrowDown', header('lab-b')],
    ['ArrowRight', bench.cell('Cookies', 'lab-b')],
    ['ArrowRight', bench.cell('sessionStorage', 'lab-b')],
    ['ArrowRight', cell('lab-b')],
  ] as const) {
    await tab.press(key);
    await soon(() => goal.isFocused(), undefined, `${key} goes to ${goal}`).toBe(true);
  }
  expect(await bench.inCell('Delete', 'localStorage', 'lab-b').isThere()).toBe(true);

  const field = bench.field('localStorage', 'lab-b');
  await tab.press('F2');
  await soon(() => field.isFocused()).toBe(true);
  await tab.type('changed');
  await tab.press('Enter');
  await bench.shows('localStorage', 'lab-b', 'changed');
  await soon(() => cell('lab-b').isFocused()).toBe(true);
  expect(await holds(tab, 'localStorage')).toMatchObject({ 'lab-a': 'a', 'lab-b': 'changed' });
});

/** WebKitGTK’s automated windows are private ones, which have no file system of their own. */
const hasNoFiles = (tab: Tab) =>
  tab.page.evaluate(async () => {
    try {
      await navigator.storage.getDirectory();
      return false;
    } catch {
      return true;
    }
  });

for (const store of QUOTA_MANAGED) {
  test(`${store} is switched on and does what the four do`, ONCE, async ({ holds, tab }) => {
    const bench = await new Bench(tab).open();
    if (store === 'OPFS' && (await hasNoFiles(tab))) {
      await bench.columnSwitch(store).click();
      return bench.says(/^OPFS: This browser has no such store for this page\./);
    }
    await bench.switchOn(store);
    await bench.add(store, 'tea', 'green');
    await bench.shows(store, 'lab-tea', 'green');
    expect(await holds(tab, store)).toEqual({ 'lab-tea': 'green' });
    await bench.edit(store, 'lab-tea', 'black');
    await bench.shows(store, 'lab-tea', 'black');
    expect(await holds(tab, store)).toEqual({ 'lab-tea': 'black' });
    await bench.delete(store, 'lab-tea');
    await bench.lacks(store, 'lab-tea');
    expect(await holds(tab, store)).toEqual({});
    await bench.button('Undo').click();
    await bench.shows(store, 'lab-tea', 'black');
    expect(await holds(tab, store)).toEqual({ 'lab-tea': 'black' });
  });
}

test('the limits are measured, are exact for another page, and nothing stays behind', ONCE, async ({ another, holds, tab }) => {
  test.slow();
  const bench = await new Bench(tab).open();
  const panel = await bench.tool('Measure my limits');
  await panel.role('button', 'Measure').click();
  await bench.says('Measured: the meters and the tables use it from now on.', 120_000);
  expect(Object.keys(await holds(tab, 'localStorage'))).toEqual(['lab-limits']);
  expect(await holds(tab, 'sessionStorage')).toEqual({});
  expect(await holds(tab, 'Cookies')).toEqual({});

  const cell = panel.role('row').saying('localStorage, filled with a').role('cell').nth(0);
  const limit = Number(/^[\d,]+/.exec(await cell.text())![0].replaceAll(',', ''));
  const elsewhere = await (await another()).open('/healthz');
  const takes = (units: number) =>
    elsewhere.page.evaluate((units) => {
      const held = Object.entries(localStorage).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
      try {
        localStorage.setItem('x', 'a'.repeat(units - held - 1));
        return true;
      } catch {
        return false;
      } finally {
        localStorage.removeItem('x');
      }
    }, units);
  // Firefox lets the bench's tab hold some room ahead, and takes it back when that rests.
  await soon(() => takes(limit)).toBe(true);
  expect(await takes(limit + 1)).toBe(false);
});

test('the textbook is held against what is measured here', ONCE, async ({ session, tab }) => {
  const bench = await new Bench(tab).open();
  await bench.add('Cookies', 'tea', 'green');
  await bench.shows('Cookies', 'lab-tea', 'green');
  const panel = await bench.tool('Textbook and here');
  await panel.role('button', 'Measure now').click();
  await soon(async () => {
    await openWindowIfAsked(panel);
    return bench.status.text();
  }, 40_000).toMatch(/^Measured: \d+ as printed, \d+ that differ, \d+ open\.$/);
  expect(await session.openPages(), 'pages that are open').toBe(1);
  const cell = (question: string, store: (typeof STORES)[number]) =>
    panel.role('row').having(tab.role('rowheader', question)).role('cell').nth(STORES.indexOf(store));
  expect(await cell('Sent with requests', 'Cookies').text()).toContain('but not with a request without credentials');
  expect(await cell('Sent with requests', 'localStorage').text()).toContain('no: its marker was nowhere in the request');
});

test('the wire view shows what the server received of a request', ONCE, async ({ baseURL, session, tab }) => {
  const bench = await new Bench(tab).open();
  await bench.add('Cookies', 'tea', 'green');
  await bench.shows('Cookies', 'lab-tea', 'green');
  const cookies = (await session.cookies(baseURL!)).map(({ name, value }) => `${name}=${value}`);
  const bytes = `cookie: ${cookies.join('; ')}\r\n`.length;
  const panel = await bench.tool('Wire view');
  await panel.role('button', 'Send a request now').click();
  await bench.says(`The request arrived with ${cookies.length === 1 ? '1 cookie' : `${cookies.length} cookies`}, ${bytes} bytes.`);
  expect(await panel.role('group', 'Cookies of the request').text()).toContain('lab-tea');
  await panel.role('button', 'Send one without credentials').click();
  await bench.says('The request arrived without a cookie.');
});

test('a snapshot that is pasted comes back into the stores, and can be undone', ONCE, async ({ holds, tab }) => {
  const bench = await new Bench(tab).open();
  const panel = await bench.tool('Snapshot');
  const entries = [{ name: 'lab-city', value: 'Bern' }];
  const stores = ['cookies', 'session_storage', 'local_storage'].map((store) => ({ store, entries }));
  await panel.role('textbox', 'Or paste it here').fill(JSON.stringify({ schema: 'storage-lab-snapshot/1', stores }));
  await panel.role('button', 'Look at it').click();
  await panel.role('group', 'What would happen').role('button', 'Restore 3 entries').click();
  await bench.says('Restored 3 entries from a snapshot.');
  const named = ['Cookies', 'sessionStorage', 'localStorage'] as const;
  for (const store of named) expect(await holds(tab, store), store).toMatchObject({ 'lab-city': 'Bern' });
  await bench.button('Undo').click();
  await bench.says('Undone: Restored 3 entries from a snapshot.');
  for (const store of named) expect(await holds(tab, store), store).not.toHaveProperty('lab-city');
});

test('another tool’s cookies are read from a file in UTF-16 and come into the store', ONCE, async ({ holds, tab }) => {
  const bench = await new Bench(tab).open();
  const panel = await bench.tool('Snapshot');
  await soon(() => panel.role('button', 'Look at it').isThere()).toBe(true);
  await tab.page.evaluate(() => {
    const text = '\ufeff# Netscape HTTP Cookie File\r\nshop.example\tFALSE\t/\tFALSE\t0\tlab-city\tBern\r\n';
    const chosen = new DataTransfer();
    chosen.items.add(new File([Uint16Array.from(text, (letter) => letter.charCodeAt(0))], 'cookies.txt'));
    const input = document.querySelector<HTMLInputElement>('#snapshot-file')!;
    input.files = chosen.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  const preview = panel.role('group', 'What would happen');
  await soon(() => preview.text()).toContain('What is changed: for this host, not for shop.example.');
  expect(await holds(tab, 'Cookies')).not.toHaveProperty('lab-city');
  await preview.role('button', 'Restore 1 entry').click();
  await bench.says('Restored 1 entry from a snapshot.');
  expect(await holds(tab, 'Cookies')).toMatchObject({ 'lab-city': 'Bern' });
});

test('JSON is shown as it is written, and a time without a zone by both clocks', ONCE, async ({ tab }) => {
  await tab.open('/healthz');
  const local = await tab.page.evaluate(() => {
    localStorage.setItem('lab-json', '{"id":12345678901234567890123,"at":"2026-07-25T04:00:00"}');
    return new Date('2026-07-25T04:00:00').toUTCString();
  });
  const bench = await new Bench(tab).open();
  await bench.button('Inspect lab-json').click();
  const inspector = tab.role('dialog');
  await soon(() => inspector.role('combobox', 'Show value').isThere()).toBe(true);
  await tab.page.evaluate(() => {
    const select = document.querySelector<HTMLSelectElement>('[id^="inspected-value-local"]')!;
    select.value = 'JSON tree';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await soon(() => inspector.text()).toContain('12345678901234567890123');
  await inspector.selector('.leaf ~ details summary').click();
  await soon(() => inspector.text()).toContain(`by this browser’s clock, ${local}`);
});

test('the tour leads through five steps and is not offered again', ONCE, async ({ holds, tab }) => {
  const bench = await new Bench(tab).open();
  await bench.button('Start the tour').click();
  const titles = ['Put a value', 'See it side by side', 'See what travels', 'Let something happen', 'Clean up'];
  for (const [at, title] of titles.entries()) {
    await soon(() => tab.role('dialog', title).text()).toContain(`Step ${at + 1} of 5`);
    expect(await tab.selector('.pointed-at').count()).toBe(1);
    await tab.role('dialog').role('button', at < 4 ? 'Next' : 'Done').click();
  }
  await soon(() => tab.role('dialog').isThere()).toBe(false);
  expect(await holds(tab, 'localStorage')).toMatchObject({ 'lab-tour': 'done' });
  await tab.reload();
  await bench.awake();
  await bench.shows('localStorage', 'lab-tour', 'done');
  expect(await bench.button('Start the tour').isThere()).toBe(false);
});
