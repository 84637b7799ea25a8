// The survival matrix: a row for each event, a column for each store.
import { expect, type Locator, type Page } from '@playwright/test';
import { contents } from './oracle';

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

/** The markers that a page's stores hold, asked of the browser and the server; in the order of the columns. */
export async function markersIn(page: Page): Promise<(string | undefined)[]> {
  const [cookies, session, local, server] = [
    await contents(page, 'Cookies'),
    await contents(page, 'sessionStorage'),
    await contents(page, 'localStorage'),
    await contents(page, 'Server session'),
  ];
  const stores = [cookies, cookies, session, local, server];
  return COLUMNS.map((column, index) => stores[index]![MARKERS[column]]);
}

export class Matrix {
  readonly panel: Locator;
  readonly table: Locator;
  readonly dialog: Locator;

  constructor(readonly page: Page) {
    this.panel = page.getByRole('tabpanel', { name: 'Survival' });
    this.table = this.panel.getByRole('table', { name: 'What survives, by event and store' });
    this.dialog = page.getByRole('dialog');
  }

  /** Opens the tab on a bench that is awake. */
  async open(): Promise<this> {
    await this.page.getByRole('tab', { name: 'Survival' }).click();
    await expect(this.table).toBeVisible();
    return this;
  }

  button(name: string): Locator {
    return this.panel.getByRole('button', { name, exact: true });
  }

  /** Starts an event and does not wait for what comes of it; one that asks first is agreed to. */
  async start(event: string): Promise<void> {
    await this.button(`Try ${event}`).click();
    const goOn = this.dialog.getByRole('button', { name: 'Go on' });
    if (/^Clear|^log out/.test(event)) await goOn.click();
  }

  row(event: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('button', { name: `Try ${event}`, exact: true }) });
  }

  cell(event: string, column: string): Locator {
    return this.table.getByRole('button', { name: new RegExp(`^${event}, ${column}: `) });
  }

  /** Asserts what an event's row says, from left to right. */
  async says(event: string, outcomes: string[]): Promise<void> {
    for (const [index, column] of COLUMNS.entries()) {
      const name = `${event}, ${column}: ${outcomes[index]}`;
      await expect(this.cell(event, column)).toHaveAccessibleName(name, { timeout: 20_000 });
    }
  }

  /** Opens the evidence of a cell and closes it again; returns its terms and what is said of each. */
  async evidence(event: string, column: Column): Promise<Record<string, string>> {
    await this.cell(event, column).click();
    await expect(this.dialog).toBeVisible();
    const facts = await this.dialog.locator('dl').evaluate((list) => {
      const terms = [...list.querySelectorAll('dt')];
      return Object.fromEntries(terms.map((term) => [term.textContent!, term.nextElementSibling!.textContent!.trim()]));
    });
    await this.dialog.getByRole('button', { name: 'Close' }).click();
    await expect(this.dialog).toBeHidden();
    return facts;
  }

  /** The markers that an event's evidence names, in the order of the columns. */
  async markers(event: string): Promise<string[]> {
    const markers: string[] = [];
    for (const column of COLUMNS) {
      const { Marker } = await this.evidence(event, column);
      expect(Marker).toContain(`${MARKERS[column]} = `);
      markers.push(Marker!.split(' = ')[1]!);
    }
    return markers;
  }
}
