// Web storage holds UTF-16 units in every engine: what is no Unicode text, and the empty name, are shown, changed and brought back.
import { Bench } from '../support/engine/bench';
import { expect, ONCE, test } from '../support/engine/fixtures';
import { soon, type Tab } from '../support/engine/tab';
import { random } from '../support/random';
import { anyEntries, type Entry, putEntries, readEntries, text, units } from '../support/units';

const put = (tab: Tab, entries: readonly Entry[]): Promise<void> =>
  tab.page.evaluate(putEntries, ['localStorage', entries.map((entry) => entry.map(units))] as Parameters<typeof putEntries>[0]);

const inOrder = (entries: readonly Entry[]): Entry[] => entries.toSorted(([a], [b]) => (a < b ? -1 : 1));

async function held(tab: Tab): Promise<Entry[]> {
  const entries = await tab.page.evaluate(readEntries, 'localStorage' as const);
  return inOrder(entries.map(([name, value]): Entry => [text(name!), text(value!)]));
}

test('half of a surrogate pair and the empty name are shown, changed, deleted and brought back', ONCE, async ({ tab }) => {
  const bench = await new Bench(tab).open();
  const there: Entry[] = [['', 'v0'], ['lab-k\ud83d', '1'], ['lab-n', 'a\r\nb\u0000'], ['lab-v', 'a\ud83db']];
  const labels = ['(empty name)', 'lab-k\\ud83d', 'lab-n', 'lab-v'];
  await put(tab, there);
  for (const [at, shown] of ['v0', '1', 'a\\r\\nb\\u0000', 'a\\ud83db'].entries()) {
    await bench.shows('localStorage', labels[at]!, shown);
    await bench.inCell('Edit', 'localStorage', labels[at]!).click();
    await soon(() => bench.field('localStorage', labels[at]!).value()).toBe(shown);
    await bench.cell('localStorage', labels[at]!).role('button', 'Save').click();
    await bench.says(`Changed ${labels[at]!} in localStorage.`);
  }
  expect(await held(tab)).toEqual(there);
  for (const label of labels) {
    await bench.delete('localStorage', label);
    await bench.says(`Deleted ${label} from localStorage.`);
  }
  expect(await held(tab)).toEqual([]);
  for (const label of labels.toReversed()) {
    await bench.button('Undo').click();
    await bench.says(`Undone: Deleted ${label} from localStorage.`);
  }
  expect(await held(tab)).toEqual(there);
});

test('a thousand entries of any units are deleted and brought back, unit for unit', ONCE, async ({ tab }) => {
  const seed = Number(process.env.STORAGE_LAB_SEED ?? Date.now() % 2 ** 31);
  const there = inOrder(anyEntries(random(seed), 1_000));
  const bench = await new Bench(tab).open();
  await put(tab, there);
  await soon(() => bench.grid.attribute('aria-rowcount'), 30_000).toBe('1005');
  expect(await held(tab), `seed ${seed}`).toEqual(there);
  await (await bench.menu('localStorage')).role('button', 'Clear localStorage').click();
  await bench.says('Deleted 1,000 entries from localStorage.', 30_000);
  expect(await held(tab)).toEqual([]);
  await bench.button('Undo').click();
  await bench.says('Undone: Deleted 1,000 entries from localStorage.', 30_000);
  expect(await held(tab), `seed ${seed}`).toEqual(there);
});
