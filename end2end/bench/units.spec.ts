// Web storage holds UTF-16 units, not Unicode text (WHATWG HTML §12.2.1): whatever it holds is shown, changed and brought back, unit for
// unit. What is there is asked of the page's own `localStorage`, as numbers.
import { readFileSync } from 'node:fs';
import { OPTIONAL } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { random } from '../support/random';
import { anyEntries, type Area, type Entry, held, putBehind, text } from '../support/units';
import type { Locator, Page } from '@playwright/test';

const AREAS = ['localStorage', 'sessionStorage'] as const;
const MANY = 10_000;

async function saved(page: Page, panel: ReturnType<Page['locator']>): Promise<string> {
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Save snapshot' }).click();
  return (await download).path();
}

test('half of a surrogate pair is shown as an escape, and comes back from an edit, Undo and a snapshot', async ({ bench, page }) => {
  await bench.open();
  const there: Entry[] = [['lab-k\ud83d', '1'], ['lab-v', 'a\ud83db'], ['lab-\ude00\ud83d', '\udbf6\udc00']];
  const sorted = there.toSorted(([a], [b]) => (a < b ? -1 : 1));
  await putBehind(page, 'localStorage', there);
  await bench.shows('localStorage', 'lab-k\\ud83d', '1');
  await bench.shows('localStorage', 'lab-v', 'a\\ud83db');
  await expect(bench.cell('localStorage', 'lab-v')).toContainText('10 bytes, 8 UTF-16 units');
  expect(await held(page, 'localStorage')).toEqual(sorted);

  const field = await bench.openEdit('localStorage', 'lab-v');
  await expect(field).toHaveValue('a\\ud83db');
  await bench.save('localStorage', 'lab-v');
  await expect(field).toBeHidden();
  expect(await held(page, 'localStorage')).toEqual(sorted);

  const path = await saved(page, await bench.tool('Snapshot'));
  const { stores } = JSON.parse(readFileSync(path, 'utf8')) as { stores: { store: string; entries: { name: string; value: string }[] }[] };
  const local = stores.find(({ store }) => store === 'local_storage')!.entries;
  expect(local.map(({ name, value }) => [name, value]).toSorted(([a], [b]) => (a! < b! ? -1 : 1))).toEqual(sorted);

  for (const name of ['lab-k\\ud83d', 'lab-v', 'lab-\\ude00\\ud83d']) {
    await bench.delete('localStorage', name);
    await expect(bench.status).toHaveText(`Deleted ${name} from localStorage.`);
  }
  expect(await held(page, 'localStorage')).toEqual([]);
  for (let steps = 0; steps < 3; steps++) await bench.button('Undo').click();
  await bench.shows('localStorage', 'lab-k\\ud83d', '1');
  expect(await held(page, 'localStorage')).toEqual(sorted);

  await bench.clear('localStorage');
  await bench.counts(0);
  await page.getByLabel('From a file').setInputFiles(path);
  await page.getByRole('button', { name: 'Restore 3 entries' }).click();
  await expect(page.getByRole('group', { name: 'What came of it' })).toContainText('Everything in the snapshot is there now.');
  expect(await held(page, 'localStorage')).toEqual(sorted);
});

test('a store that keeps Unicode text alone says so, and IndexedDB keeps all units', async ({ bench, page }) => {
  await bench.open();
  await bench.switchOn(...OPTIONAL);
  await putBehind(page, 'localStorage', [['lab-v', 'a\ud83db']]);
  await bench.shows('localStorage', 'lab-v', 'a\\ud83db');
  await bench.putInAll('lab-v');
  await bench.shows('IndexedDB', 'lab-v', 'a\\ud83db');
  await bench.shows('sessionStorage', 'lab-v', 'a\\ud83db');
  for (const store of ['Cookies', 'Server session', 'Cache Storage', 'OPFS', 'Address'] as const) {
    await expect(bench.status).toContainText(`${store}: Its value holds \\ud83d, half of a surrogate pair, and this store keeps Unicode text alone.`);
    await bench.lacks(store, 'lab-v');
    expect(await contents(page, store), store).toEqual({});
  }
  const unitsThere = await page.evaluate(async () => {
    const open = indexedDB.open('lab-bench');
    await new Promise((done) => (open.onsuccess = done));
    const values = open.result.transaction('values').objectStore('values').getAll();
    await new Promise((done) => (values.onsuccess = done));
    open.result.close();
    return (values.result as string[]).map((text) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)));
  });
  expect(unitsThere.map(text)).toEqual(['a\ud83db']);
  await bench.delete('IndexedDB', 'lab-v');
  await bench.lacks('IndexedDB', 'lab-v');
  await bench.button('Undo').click();
  await bench.shows('IndexedDB', 'lab-v', 'a\\ud83db');
});

test('what another tab does to such an entry is heard by its name, and a change meanwhile is told', async ({ bench, context, page }) => {
  await bench.open();
  const other = await context.newPage();
  await other.goto('/healthz');
  await putBehind(other, 'localStorage', [['lab-k\ud83d', '1'], ['', 'x']]);
  await bench.shows('localStorage', 'lab-k\\ud83d', '1');
  await bench.tool('Journal');
  await expect(bench.journalRow('localStorage', 'lab-k\\ud83d')).toContainText('another tab');
  await expect(bench.journalRow('localStorage', '(empty name)')).toContainText('another tab');

  const field = await bench.openEdit('localStorage', 'lab-k\\ud83d');
  await field.fill('mine');
  await putBehind(other, 'localStorage', [['lab-k\ud83d', '\u202e\ud83d']]);
  await bench.save('localStorage', 'lab-k\\ud83d');
  await expect(bench.cell('localStorage', 'lab-k\\ud83d').getByRole('alert')).toContainText('meanwhile to “\\u202e\\ud83d”');
  expect(await held(page, 'localStorage')).toEqual([['', 'x'], ['lab-k\ud83d', '\u202e\ud83d']]);
});

test('copies of such a value are its scripts and JSON, or say that they are spelled', async ({ bench, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await bench.open();
  await putBehind(page, 'localStorage', [['lab-v', 'a\ud83db\\']]);
  await bench.shows('localStorage', 'lab-v', /ud83d/);
  const region = await bench.inspect('lab-v', 'localStorage');
  const copied = async (what: string) => {
    await region.getByRole('button', { name: `Copy as ${what}`, exact: true }).click();
    await expect(region.getByRole('status')).toContainText(`Copied as ${what}.`);
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(JSON.parse(await copied('JSON'))).toMatchObject({ name: 'lab-v', value: 'a\ud83db\\' });
  const script = await copied('setItem');
  await page.evaluate(() => localStorage.clear());
  await page.evaluate(script);
  expect(await held(page, 'localStorage')).toEqual([['lab-v', 'a\ud83db\\']]);
  expect(await copied('value')).toBe('a\\ud83db\\');
  await expect(region.getByRole('status')).toContainText('Its lone surrogates are written as escapes');
});

test('every store that keeps Unicode text keeps all of it', async ({ bench, page }) => {
  await bench.open();
  await bench.switchOn(...OPTIONAL);
  const value = '\ufeffa\u202eb\r\nc\ud83d\ude00 \u{10d83d}\ufffd';
  const shown = '\\ufeffa\\u202eb\\r\\nc\ud83d\ude00 \\udbf6\\udc3d\ufffd';
  await putBehind(page, 'localStorage', [['lab-\u{10d83d}', value]]);
  const label = 'lab-\\udbf6\\udc3d';
  await bench.shows('localStorage', label, shown);
  await bench.putInAll(label);
  for (const store of ['sessionStorage', 'Server session', ...OPTIONAL] as const) {
    await bench.shows(store, label, shown);
    expect(await contents(page, store), store).toEqual({ 'lab-\u{10d83d}': value });
    await bench.delete(store, label);
    await bench.lacks(store, label);
    await bench.button('Undo').click();
    await bench.shows(store, label, shown);
    expect(await contents(page, store), store).toEqual({ 'lab-\u{10d83d}': value });
  }
});

for (const area of AREAS) {
  test(`the empty name in ${area} has a label, and is changed, inspected, deleted and brought back`, async ({ bench, page }) => {
    await bench.open();
    await putBehind(page, area, [['', 'v0']]);
    await bench.shows(area, '(empty name)', 'v0');
    await bench.edit(area, '(empty name)', 'v1');
    await expect(bench.status).toHaveText(`Changed (empty name) in ${area}.`);
    expect(await held(page, area)).toEqual([['', 'v1']]);

    const region = await bench.inspect('(empty name)', area);
    await expect(region).toContainText('v1');
    await expect(region).toContainText('0 bytes, 0 UTF-16 units');
    await page.getByRole('button', { name: 'Close' }).click();

    const path = await saved(page, await bench.tool('Snapshot'));
    await bench.delete(area, '(empty name)');
    await expect(bench.status).toHaveText(`Deleted (empty name) from ${area}.`);
    expect(await held(page, area)).toEqual([]);
    await bench.button('Undo').click();
    await bench.shows(area, '(empty name)', 'v1');
    expect(await held(page, area)).toEqual([['', 'v1']]);

    await page.evaluate((area) => window[area].clear(), area);
    await bench.counts(0);
    await page.getByLabel('From a file').setInputFiles(path);
    await expect(page.getByRole('group', { name: 'What would happen' })).toContainText(`(empty name) in ${area}.`);
    await page.getByRole('button', { name: 'Restore 1 entry' }).click();
    await bench.shows(area, '(empty name)', 'v1');
    expect(await held(page, area)).toEqual([['', 'v1']]);

    await bench.tool('Journal');
    await expect(bench.journalRow(area, '(empty name)')).toContainText('v1');
    const other = AREAS.find((other) => other !== area)!;
    await bench.putIn(other, '(empty name)');
    await bench.shows(other, '(empty name)', 'v1');
    expect(await held(page, other)).toEqual([['', 'v1']]);
    await expect(page.getByText('Give it a name.')).toBeHidden();
  });
}

test('a name that turns text around, and what does not show, is shown as escapes and isolated', async ({ bench, page }) => {
  await bench.open();
  const turning = 'lab-\u202egpj.exe';
  await putBehind(page, 'localStorage', [[turning, 'x\u200by\u0000\u2028\u{e0041}'], ['lab-שלום', 'می\u200cخواهم 👩\u200d👧']]);
  await bench.shows('localStorage', 'lab-\\u202egpj.exe', 'x\\u200by\\u0000\\u2028\\u{e0041}');
  // Letters of every script and what joins them stay as they are.
  await bench.shows('localStorage', 'lab-שלום', 'می\u200cخواهم 👩\u200d👧');
  for (const name of ['lab-\\u202egpj.exe', 'lab-שלום']) {
    const shown = bench.rowHeader(name).locator('bdi');
    await expect(shown).toHaveCSS('unicode-bidi', 'isolate');
    await expect(bench.value('localStorage', name)).toHaveCSS('unicode-bidi', 'isolate');
  }
  // Nothing in the page turns text around.
  expect(await page.evaluate(() => /[\u202a-\u202e]/.test(document.body.innerText))).toBe(false);

  const region = await bench.inspect('lab-\\u202egpj.exe', 'localStorage');
  const value = region.getByLabel('Value', { exact: true });
  await expect(value).toHaveText('x\\u200by\\u0000\\u2028\\u{e0041}');
  await region.getByRole('combobox', { name: 'Show value' }).selectOption('plain, without escapes');
  await expect.poll(() => value.evaluate((value) => value.textContent)).toBe('x\u200by\u0000\u2028\u{e0041}');
  await page.getByRole('button', { name: 'Close' }).click();

  await bench.filter.fill('\\u202e');
  await expect(bench.names()).toHaveText(['lab-\\u202egpj.exe']);
  await bench.delete('localStorage', 'lab-\\u202egpj.exe');
  await expect(bench.status).toHaveText('Deleted lab-\\u202egpj.exe from localStorage.');
  await bench.button('Undo').click();
  await bench.shows('localStorage', 'lab-\\u202egpj.exe', 'x\\u200by\\u0000\\u2028\\u{e0041}');
  expect((await held(page, 'localStorage')).map(([name]) => name)).toContain(turning);
});

test('a value keeps its newlines, controls and escapes of its own through an edit', async ({ bench, page }) => {
  await bench.open();
  const values = ['a\r\nb\rc\n', '\ufeff{"a":\t1}', 'nul\u0000', 'C:\\new\\u0041', 'C:\\new\n', ' two  spaces ', '\ufffd', ''];
  const there = values.map((value, at): Entry => [`lab-${at}`, value]);
  await putBehind(page, 'localStorage', there);
  for (const [name] of there) {
    const field = await bench.openEdit('localStorage', name);
    await bench.save('localStorage', name);
    await expect(field).toBeHidden();
  }
  expect(await held(page, 'localStorage')).toEqual(there);

  // What is typed is taken as it stands, unless it is said to have escapes.
  const box = bench.cell('localStorage', 'lab-3').getByRole('checkbox', { name: 'With escapes' });
  const field = await bench.openEdit('localStorage', 'lab-3');
  await expect(box).not.toBeChecked();
  await field.fill('\\q\\n\\ud83d');
  await box.check();
  await bench.save('localStorage', 'lab-3');
  await expect(bench.cell('localStorage', 'lab-3').getByRole('alert')).toContainText('“\\q” begins no escape.');
  await field.fill('q\\n\\ud83d');
  await bench.save('localStorage', 'lab-3');
  await bench.shows('localStorage', 'lab-3', 'q\\n\\ud83d');
  expect((await held(page, 'localStorage'))[3]).toEqual(['lab-3', 'q\n\ud83d']);
});

test('names that mean something elsewhere are names here', async ({ bench, page }) => {
  await bench.open();
  const names = [
    'lab-<b>x</b>&amp;', 'lab-a', 'lab-a ', 'lab- a', 'lab-e\u0301', 'lab-\u00e9', 'lab-a\r\nb', 'lab-limit-probe-notes', '__proto__', 'constructor', 'length', 'key',
    'getItem', 'setItem', 'toString', '\\u202e', ' ', '0', '(empty)',
  ];
  const there = names.map((name): Entry => [name, `value of ${name.length}`]).sort(([a], [b]) => (a < b ? -1 : 1));
  await putBehind(page, 'localStorage', there);
  await bench.counts(names.length);
  const labels = await bench.grid.locator('tbody [role=rowheader]').evaluateAll((headers) => headers.map((header) => header.getAttribute('aria-label')));
  expect(new Set(labels).size).toBe(names.length);
  for (const label of labels) {
    await bench.delete('localStorage', label!);
    await bench.lacks('localStorage', label!);
  }
  expect(await held(page, 'localStorage')).toEqual([]);
  for (const _ of names) await bench.button('Undo').click();
  await expect.poll(() => held(page, 'localStorage')).toEqual(there);
});

/** What a label spells: where it has an escape, each backslash of the name is doubled. */
const named = (label: string): string => (/\\[\\nrtu]/.test(label) ? spelled(label) : label);

/** The text that an element shows, its marked escapes taken for what they spell. */
async function read(element: Locator): Promise<string> {
  const parts = await element.evaluate((element) =>
    [...element.childNodes].map((node) => [node instanceof Element && node.className === 'escape', node.textContent!] as const));
  return parts.map(([isEscape, text]) => (isEscape ? spelled(text) : text)).join('');
}

const spelled = (text: string): string =>
  text.replace(/\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|(.))/g, (_, point?: string, unit?: string, other?: string) => {
    if (point) return String.fromCodePoint(parseInt(point, 16));
    if (unit) return String.fromCharCode(parseInt(unit, 16));
    return { n: '\n', r: '\r', t: '\t' }[other!] ?? other!;
  });

test('ten thousand entries of any units are shown, exported, deleted, and brought back by Undo and by a snapshot', async ({ bench, page }, info) => {
  test.slow();
  const seed = Number(process.env.STORAGE_LAB_SEED ?? Date.now() % 2 ** 31);
  info.annotations.push({ type: 'seed', description: String(seed) });
  const entries = anyEntries(random(seed), MANY);
  const there: Record<Area, Entry[]> = {
    localStorage: entries.filter((_, at) => at % 2 === 0), sessionStorage: entries.filter((_, at) => at % 2 === 1),
  };
  const isAllThere = async () => {
    for (const area of AREAS) expect(await held(page, area), `seed ${seed}, ${area}`).toEqual(there[area]);
  };
  await bench.open();
  for (const area of AREAS) await putBehind(page, area, there[area]);
  await bench.counts(MANY, 30_000);
  await isAllThere();

  const next = random(seed + 1);
  for (let samples = 0; samples < 20; samples++) {
    const [name, value] = entries[Math.floor(next() * MANY)]!;
    const begun = name.slice(0, 'lab-00000-'.length);
    await bench.filter.fill(begun);
    await expect(bench.names()).toHaveCount(1);
    await expect(bench.names()).toHaveAttribute('aria-label', new RegExp(`^${begun}`));
    const label = (await bench.names().getAttribute('aria-label'))!;
    expect(named(label), `seed ${seed}`).toBe(name);
    const row = bench.grid.locator('tbody tr').filter({ hasText: begun });
    expect(await read(row.locator('code')), `seed ${seed}, the value of ${label}`).toBe(value);
    const shown = (await row.locator('code').textContent())!;
    for (const text of [label, shown]) expect(text, `seed ${seed}`).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2028\u2029\ufeff]/u);
  }
  await bench.filter.fill('');
  await bench.counts(MANY);

  const path = await saved(page, await bench.tool('Snapshot'));
  const { stores } = JSON.parse(readFileSync(path, 'utf8')) as { stores: { store: string; entries: { name: string; value: string }[] }[] };
  for (const [area, store] of [['localStorage', 'local_storage'], ['sessionStorage', 'session_storage']] as const) {
    const exported = stores.find((shelf) => shelf.store === store)!.entries.map(({ name, value }): Entry => [name, value]);
    expect(exported.sort(([a], [b]) => (a < b ? -1 : 1)), `seed ${seed}, exported`).toEqual(there[area]);
  }

  const deleteAll = async () => {
    await bench.selectAll.check();
    await bench.button('Delete 10,000 selected').click();
    await bench.counts(0, 60_000);
    for (const area of AREAS) expect(await held(page, area)).toEqual([]);
  };
  await deleteAll();
  await bench.button('Undo').click();
  await bench.counts(MANY, 60_000);
  await isAllThere();

  await deleteAll();
  await page.getByLabel('From a file').setInputFiles(path);
  await page.getByRole('button', { name: /^Restore 10,?000 entries$/ }).click();
  await bench.counts(MANY, 60_000);
  await expect(page.getByRole('group', { name: 'What came of it' })).toContainText('Everything in the snapshot is there now.', { timeout: 60_000 });
  await isAllThere();
});
