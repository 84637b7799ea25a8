// The atlas: what came with the lab, and a column of the visitor's own.
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './server';

export type Conclusion = { outcome: string; answer: number | null; words: string; figures: unknown[] };
export type Column = {
  browser: string;
  version: string;
  engine: string;
  system: string;
  scheme: string;
  measured: string;
  made_by: string;
  lab: string;
  experiments: Record<string, Conclusion>;
  matrix: Record<string, Record<string, { outcome: string; before: string; after: string }>>;
};

/** The columns that come with the lab, read from the file itself. */
export const SHIPPED = (JSON.parse(readFileSync(join(ROOT, 'app/atlas.json'), 'utf8')) as { columns: Column[] }).columns;

/** What a column is called on the page. */
export const named = ({ browser, version, scheme }: Column): string => `${browser} ${version}, ${scheme.toUpperCase()}`;

/** The column that a visitor with Chromium over HTTP is held to. */
export const reference = (): Column => SHIPPED.filter(({ engine, scheme }) => engine === 'Blink' && scheme === 'http').at(-1)!;

/** Lets the page find a column that an earlier visit kept, with one experiment in it. */
export async function keep(page: Page, { slug, ...conclusion }: { slug: string; outcome: string; answer: number | null }): Promise<void> {
  const column: Column = {
    browser: 'Chrome', version: '99', engine: 'Blink', system: 'Linux', scheme: 'http', measured: '2026-11-28',
    made_by: 'visitor', lab: '0.1.0', experiments: { [slug]: { ...conclusion, words: 'Kept.', figures: [] } }, matrix: {},
  };
  await page.addInitScript((text) => {
    // Only where no page was before: what the test forgets is not to come back.
    if (!sessionStorage.getItem('kept')) localStorage.setItem('lab-atlas', text);
    sessionStorage.setItem('kept', '1');
  }, JSON.stringify(column));
}

/** Leaves some rows of each table: they are made alike, and axe takes its time for each. */
export async function shorten(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelectorAll('.atlas tr:nth-child(n + 3), .atlas tbody:nth-of-type(n + 4)').forEach((row) => row.remove()));
}
