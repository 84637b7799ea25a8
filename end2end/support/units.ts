// Texts as UTF-16 units, which cross the wire to the browser as numbers: a lone surrogate would not survive it.
import type { Page } from '@playwright/test';

export type Area = 'localStorage' | 'sessionStorage';
/** Name and value. */
export type Entry = readonly [name: string, value: string];

export const units = (text: string): number[] => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
export const text = (units: readonly number[]): string => units.map((unit) => String.fromCharCode(unit)).join('');

/** What puts entries there, behind the bench's back: a function for `evaluate`. */
export const putEntries = ([area, entries]: [Area, number[][][]]): void => {
  for (const [name, value] of entries) window[area].setItem(String.fromCharCode(...name!), String.fromCharCode(...value!));
  window.dispatchEvent(new Event('focus'));
};

/** What reads all entries: a function for `evaluate`. */
export const readEntries = (area: Area): number[][][] =>
  Array.from({ length: window[area].length }, (_, at) => {
    const name = window[area].key(at)!;
    return [name, window[area].getItem(name)!].map((text) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)));
  });

const inOrder = (entries: Entry[]): Entry[] => entries.sort(([a], [b]) => (a < b ? -1 : 1));

export async function putBehind(page: Page, area: Area, entries: readonly Entry[]): Promise<void> {
  const put: [Area, number[][][]] = [area, entries.map((entry) => entry.map(units))];
  await page.evaluate(putEntries, put);
}

/** All that an area holds, by its names' units in order. */
export async function held(page: Page, area: Area): Promise<Entry[]> {
  const entries = await page.evaluate(readEntries, area);
  return inOrder(entries.map(([name, value]) => [text(name!), text(value!)]));
}

/** Units at which something begins or ends: controls, spaces, what HTML knows, both halves of pairs, noncharacters. */
const EDGES = [
  0, 9, 0xa, 0xd, 0x20, 0x22, 0x26, 0x3c, 0x5c, 0x75, 0x7f, 0x85, 0xa0, 0x200d, 0x202e, 0x2028, 0xd800, 0xd83d, 0xdbf6, 0xdbff, 0xdc00,
  0xde00, 0xdfff, 0xfe0f, 0xfeff, 0xfffd, 0xffff,
];

/** Up to so many units of any kind: half of them chosen from all, half from where something begins or ends. */
export function anyText(next: () => number, most: number): string {
  const unit = () => (next() < 0.5 ? Math.floor(next() * 0x1_0000) : EDGES[Math.floor(next() * EDGES.length)]!);
  return text(Array.from({ length: Math.floor(next() * (most + 1)) }, unit));
}

/** So many entries of any units; their names begin with `lab-` and a number. */
export function anyEntries(next: () => number, count: number): Entry[] {
  return inOrder(Array.from({ length: count }, (_, at): Entry => [`lab-${String(at).padStart(5, '0')}-${anyText(next, 12)}`, anyText(next, 24)]));
}
