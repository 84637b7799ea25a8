// The survival matrix: a row for each event, a column for each store.
import { expect, type Locator, type Page } from '@playwright/test';

export const COLUMNS = ['Session cookie', 'Cookie with Max-Age', 'sessionStorage', 'localStorage', 'Server session'] as const;
export type Column = (typeof COLUMNS)[number];

/** The name under which a column's marker lies. */
export const MARKERS: Record<Column, string> = {
  'Session cookie': 'lab-trial-session-cookie',
  'Cookie with Max-Age': 'lab-trial-timed-cookie',
  sessionStorage: 'lab-trial-session-storage',
  localStorage: 'lab-trial-local-storage',
  'Server session': 'lab-trial-server-session',
};

export class Matrix {
  readonly panel: Locator;
  readonly table: Locator;
  readonly evidence: Locator;

  constructor(readonly page: Page) {
    this.panel = page.getByRole('tabpanel', { name: 'Then something happens' });
    this.table = this.panel.getByRole('table', { name: 'What survives, by event and store' });
    this.evidence = page.getByRole('dialog');
  }

  async open(): Promise<this> {
    await this.page.getByRole('tab', { name: 'Then something happens' }).click();
    await expect(this.table).toBeVisible();
    return this;
  }

  button(name: string): Locator {
    return this.panel.getByRole('button', { name, exact: true });
  }

  /** Starts an event and does not wait for what comes of it. */
  async start(event: string): Promise<void> {
    await this.button(`Try ${event}`).click();
  }

  /** Starts an event that asks first, and agrees. */
  async startAndAgree(event: string): Promise<void> {
    await this.start(event);
    await this.evidence.getByRole('button', { name: 'Go on' }).click();
  }

  row(event: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('button', { name: `Try ${event}`, exact: true }) });
  }

  cell(event: string, column: string): Locator {
    return this.table.getByRole('button', { name: new RegExp(`^${event}, ${column}: `) });
  }

  /** Asserts what an event's row says, from left to right. */
  async says(event: string, outcomes: string[]): Promise<void> {
    const names = COLUMNS.map((column, index) => `${event}, ${column}: ${outcomes[index]}`);
    await expect(this.row(event).getByRole('cell').getByRole('button').first()).toBeVisible({ timeout: 20_000 });
    await expect
      .poll(() => this.row(event).getByRole('cell').getByRole('button').evaluateAll((all) => all.map((one) => one.ariaLabel)))
      .toEqual(names);
  }
}
