// The survival matrix in a stock engine, in the words of support/survival.ts.
import { COLUMNS, type Column } from '../survival';
import type { Bench } from './bench';
import { openWindowIfAsked, type Place, soon } from './tab';

/** The rows that need no leaving. */
export const AUTOMATIC = [
  'new tab with opener',
  'new tab without opener',
  'new window',
  'request with credentials',
  'request without credentials',
  'frame of this site inside the other site',
  'frame of the other site',
  'wait for expiry',
] as const;

const ALL_WITHIN_MS = 120_000;
const ONE_WITHIN_MS = 30_000;

export class Matrix {
  constructor(private readonly bench: Bench) {}

  /** Opens the tool on a bench that is awake. */
  async open(): Promise<this> {
    await this.bench.tool('Survival');
    await soon(() => this.panel.role('table').isThere()).toBe(true);
    return this;
  }

  get panel(): Place {
    return this.bench.tab.role('tabpanel', 'Survival');
  }

  /** Runs all rows that need no leaving. */
  async runAll(): Promise<void> {
    await this.panel.role('button', 'Run all that need no leaving').click();
    await this.finished(/^Tried all \d+ events that need no leaving\.$/, ALL_WITHIN_MS);
  }

  /** Runs a row by its own button. */
  async run(event: string): Promise<void> {
    await this.panel.role('button', `Try ${event}`).click();
    const [first = '', ...rest] = event;
    await this.finished(new RegExp(`^${first.toUpperCase()}${rest.join('')}: \\d`), ONE_WITHIN_MS);
  }

  /** A click that it asks for, it gets. */
  private async finished(words: RegExp, timeout: number): Promise<void> {
    await soon(async () => {
      await openWindowIfAsked(this.panel);
      return this.bench.status.text();
    }, timeout, 'what the page says').toMatch(words);
  }

  private row(event: string): Place {
    return this.panel.role('row').having(this.panel.role('button', `Try ${event}`));
  }

  /** What stands in a row's cells; cells that were not tried are left out. */
  async outcomes(event: string): Promise<Partial<Record<Column, string>>> {
    const buttons = await Promise.all(
      COLUMNS.map(async (column) => {
        const cell = this.cell(event, column);
        return [column, (await cell.isThere()) ? (await cell.text()).replace(/^\W+/, '') : undefined] as const;
      }),
    );
    return Object.fromEntries(buttons.filter(([, outcome]) => outcome !== undefined));
  }

  /** Why a row could not be tried; empty if it could. */
  async hindrance(event: string): Promise<string> {
    return (await this.row(event).selector('p.error:not([hidden])').texts()).join(' ');
  }

  private cell(event: string, column: Column): Place {
    return this.panel.role('button', new RegExp(`^${event}, ${column}: `));
  }

  /** The evidence of a cell: its terms and what is said of each. */
  async evidence(event: string, column: Column): Promise<Record<string, string>> {
    const dialog = this.bench.tab.role('dialog');
    await this.cell(event, column).click();
    await soon(() => dialog.selector('dt').isThere()).toBe(true);
    const [terms, facts] = [await dialog.selector('dt').texts(), await dialog.selector('dd').texts()];
    await dialog.role('button', 'Close').click();
    await soon(() => dialog.isThere()).toBe(false);
    return Object.fromEntries(terms.map((term, at) => [term, facts[at] ?? '']));
  }

  /** The marker that was laid for a cell. */
  async marker(event: string, column: Column): Promise<string> {
    const { Marker = '' } = await this.evidence(event, column);
    return /trial-[0-9a-f]{16}/.exec(Marker)![0];
  }
}
