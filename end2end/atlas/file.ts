// The file app/atlas.json, schema 1: what was measured in which browser. Only script/atlas writes it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type as systemType } from 'node:os';
import { join } from 'node:path';
import type { Engine, Scheme } from '../support/engine/engine';
import type { Outcome } from '../support/engine/experiment';
import { ROOT } from '../support/server';

export type Figure = { title: string; bars: { name: string; amount: number; words: string }[] };
export type Result = { outcome: Outcome; answer: number | null; words: string; figures: Figure[] };
export type Cell = { outcome: string; before: string; after: string };
export type Column = {
  browser: string;
  version: string;
  engine: string;
  system: string;
  scheme: Scheme;
  /** The day, `2026-01-31`. */
  measured: string;
  made_by: 'script/atlas' | 'visitor';
  /** The lab's own version. */
  lab: string;
  /** By slug. */
  experiments: Record<string, Result>;
  /** By event, then by column of the matrix. */
  matrix: Record<string, Record<string, Cell>>;
};
export type Atlas = { schema: 1; columns: Column[] };

/** How each engine is called in it. */
export const CALLED: Record<Engine, { browser: string; engine: string }> = {
  chromium: { browser: 'Chromium', engine: 'Blink' },
  firefox: { browser: 'Firefox', engine: 'Gecko' },
  webkit: { browser: 'WebKitGTK', engine: 'WebKit' },
};

/** The lab's version, as its workspace has it. */
export function labVersion(): string {
  const [, version] = /^version = "(.+)"$/m.exec(readFileSync(join(ROOT, 'Cargo.toml'), 'utf8')) ?? [];
  if (!version) throw new Error('Cargo.toml names no version.');
  return version;
}

export const systemName = (): string => (systemType() === 'Darwin' ? 'macOS' : systemType());

export const FILE = join(ROOT, 'app/atlas.json');

export function readAtlas(file = FILE): Atlas {
  if (!existsSync(file)) return { schema: 1, columns: [] };
  const atlas = JSON.parse(readFileSync(file, 'utf8')) as Atlas;
  if (atlas.schema !== 1) throw new Error(`${file} has schema ${atlas.schema}, not 1.`);
  return atlas;
}

/** The column that was recorded of an engine, by its name in the file; whichever version it is of. */
export const recorded = (atlas: Atlas, engine: string, scheme: Scheme): Column | undefined =>
  atlas.columns.find((column) => column.made_by === 'script/atlas' && column.engine === engine && column.scheme === scheme);

/** The atlas with these columns in place of the older ones of the same engine and scheme. */
export function withColumns(atlas: Atlas, fresh: Column[]): Atlas {
  const replaced = fresh.map(({ engine, scheme }) => recorded(atlas, engine, scheme));
  const place = ({ browser, scheme }: Column) => `${browser} ${scheme}`;
  const columns = [...atlas.columns.filter((column) => !replaced.includes(column)), ...fresh];
  return { schema: 1, columns: columns.toSorted((one, other) => (place(one) < place(other) ? -1 : 1)) };
}

/** Always the same text for the same content. */
export const textOf = (atlas: Atlas): string => `${JSON.stringify(sorted(atlas), null, 1)}\n`;

export function writeAtlas(atlas: Atlas, file = FILE): void {
  writeFileSync(file, textOf(atlas));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, part]) => [name, sorted(part)]));
}

/** Their verdicts rest on times: whether there is a catch to them, and by which answer, depends on what else the machine does. */
const BY_TIME = ['storage-is-synchronous', 'the-401-that-says-nothing', 'what-cookies-cost'];

/** By what two runs of an experiment are compared; figures and words vary from run to run. */
export const verdictOf = (slug: string, { outcome, answer }: Pick<Result, 'outcome' | 'answer'>): string =>
  BY_TIME.includes(slug) ? outcome.replace('_with_a_catch', '') : `${outcome}, answer ${answer}`;

/** What differs in verdicts and cells, a line each. */
export function differences(before: Column | undefined, now: Column): string[] {
  const called = (column: Column) => `${column.browser} ${column.version}, ${column.scheme}`;
  if (!before) return [`${called(now)}: not in the file`];
  const lines: string[] = [];
  const note = (what: string, one: unknown, other: unknown) => {
    if (one !== other) lines.push(`${called(now)}, ${what}: ${String(one ?? 'nothing')} in the file, ${String(other ?? 'nothing')} now`);
  };
  const names = (one: object, other: object) => [...new Set([...Object.keys(one), ...Object.keys(other)])].toSorted();
  for (const slug of names(before.experiments, now.experiments)) {
    const [one, other] = [before.experiments[slug], now.experiments[slug]];
    note(slug, one && verdictOf(slug, one), other && verdictOf(slug, other));
  }
  for (const event of names(before.matrix, now.matrix)) {
    const [one, other] = [before.matrix[event] ?? {}, now.matrix[event] ?? {}];
    for (const column of names(one, other)) note(`${event}, ${column}`, one[column]?.outcome, other[column]?.outcome);
  }
  return lines;
}
