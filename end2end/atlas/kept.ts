// What the page keeps of its own runs for the atlas: the visitor's column, in localStorage.
import type { Page } from '../support/engine/engine';
import type { Column } from './file';

/** Its name there. */
const KEPT_AS = 'lab-atlas';

export type Measured = Pick<Column, 'experiments' | 'matrix'>;

export async function keptByThePage(page: Page): Promise<Measured> {
  const text = await page.evaluate((name) => localStorage.getItem(name), KEPT_AS);
  if (text === null) throw new Error(`The page keeps nothing under ${KEPT_AS} in localStorage.`);
  const { experiments = {}, matrix = {} } = JSON.parse(text) as Partial<Measured>;
  return { experiments, matrix };
}
