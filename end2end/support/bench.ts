// The page `/` in the words of DESIGN.md: four regions and the form that puts a value into all of them.
import { expect, type Locator, type Page } from '@playwright/test';

export const STORES = ['Cookies', 'sessionStorage', 'localStorage', 'Server session'] as const;
/** Those that can be switched on. */
export const FURTHER = ['IndexedDB', 'Cache Storage', 'OPFS'] as const;
export type Store = (typeof STORES)[number] | (typeof FURTHER)[number];

export class Bench {
  readonly deposit: Locator;
  readonly status: Locator;
  readonly nameField: Locator;
  readonly valueField: Locator;
  /** The toolbar above the columns, and the field in it. */
  readonly search: Locator;
  readonly filter: Locator;

  constructor(readonly page: Page) {
    this.deposit = page.getByRole('form', { name: 'Put a value' });
    this.status = page.getByRole('main').getByRole('status');
    this.nameField = this.deposit.getByRole('textbox', { name: 'Name' });
    this.valueField = this.deposit.getByRole('textbox', { name: 'Value' });
    this.search = page.getByRole('search', { name: 'Filter entries' });
    this.filter = this.search.getByRole('searchbox', { name: 'Filter' });
  }

  async open(url = '/'): Promise<this> {
    await this.page.goto(url);
    await this.awake();
    return this;
  }

  /** Waits until scripts have taken the page over: only they can measure this store. */
  async awake(): Promise<void> {
    await expect(this.region('sessionStorage')).toContainText(/[\d,]+ of 5,242,880 UTF-16 units/);
  }

  /** Waits until the page hears the server. */
  async listening(): Promise<void> {
    await expect(this.page.getByRole('main')).toContainText('Live: what other tabs, the server or another browser change');
  }

  /** A row of the journal: the latest change of an entry. */
  journalRow(store: string, name: string): Locator {
    const panel = this.page.getByRole('tabpanel', { name: 'Journal' });
    const header = this.page.getByRole('rowheader', { name, exact: true });
    return panel.getByRole('row').filter({ has: header }).filter({ hasText: store }).first();
  }

  /** The switch of a column. */
  columnSwitch(store: Store): Locator {
    return this.page.getByRole('group', { name: 'Columns' }).getByRole('button', { name: store });
  }

  /** Switches columns on and waits until they are read. */
  async switchOn(...stores: readonly Store[]): Promise<void> {
    for (const store of stores) {
      await this.columnSwitch(store).click();
      await expect(this.status).toHaveText(new RegExp(`^${store} is shown, with \\d+ entr(y|ies)\\.$`));
    }
  }

  region(store: Store): Locator {
    return this.page.getByRole('region', { name: store, exact: true });
  }

  row(store: Store, name: string): Locator {
    const header = this.page.getByRole('rowheader', { name, exact: true });
    return this.region(store).getByRole('row').filter({ has: header });
  }

  /** The cells of an entry: value, bytes, UTF-16 units, when it ends, who sees it, actions. Without scripts the grid is a
   *  plain table. */
  facts(store: Store, name: string): Locator {
    const row = this.row(store, name);
    return row.getByRole('gridcell').or(row.getByRole('cell'));
  }

  /** The names of a store's entries, as far as they are in the document, in their order. */
  names(store: Store): Locator {
    return this.region(store).getByRole('rowheader');
  }

  /** The grid of a store's entries. */
  grid(store: Store): Locator {
    return this.region(store).getByRole('grid', { name: `${store} entries` });
  }

  /** Opens an entry in full. */
  async inspect(store: Store, name: string): Promise<Locator> {
    await this.row(store, name).getByRole('button', { name: `Inspect ${name}` }).click();
    return this.page.getByRole('dialog', { name: `${name} in ${store}` });
  }

  /** Asserts that the store shows the entry with that value. */
  async shows(store: Store, name: string, value: string): Promise<void> {
    await expect(this.facts(store, name).first()).toHaveText(value);
  }

  async lacks(store: Store, name: string): Promise<void> {
    await expect(this.row(store, name)).toHaveCount(0);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Puts a value in all four. */
  async put(name: string, value: string): Promise<void> {
    await this.nameField.fill(name);
    await this.valueField.fill(value);
    await this.button('Put in all four').click();
  }

  /** Puts a value in all four and waits until they have it. */
  async putAndWait(name: string, value: string): Promise<void> {
    await this.put(name, value);
    await expect(this.status).toHaveText(`Put lab-${name} in all four stores.`);
  }

  /** Opens a region's form for a new entry. */
  async openAdd(store: Store): Promise<Locator> {
    await this.region(store).getByRole('button', { name: `Add to ${store}` }).click();
    return this.region(store).getByRole('form', { name: `Add to ${store}` });
  }

  async add(store: Store, name: string, value: string): Promise<void> {
    const form = await this.openAdd(store);
    await form.getByRole('textbox', { name: 'Name' }).fill(name);
    await form.getByRole('textbox', { name: 'Value' }).fill(value);
    await form.getByRole('button', { name: 'Add' }).click();
  }

  async edit(store: Store, name: string, value: string): Promise<void> {
    const row = this.row(store, name);
    await row.getByRole('button', { name: `Edit ${name}` }).click();
    await row.getByRole('textbox', { name: `Value of ${name}` }).fill(value);
    await row.getByRole('button', { name: 'Save' }).click();
  }

  async delete(store: Store, name: string): Promise<void> {
    await this.row(store, name).getByRole('button', { name: `Delete ${name}` }).click();
  }

  /** Opens one of the tools below the columns. */
  async tool(name: string): Promise<Locator> {
    await this.page.getByRole('tab', { name, exact: true }).click();
    return this.page.getByRole('tabpanel', { name, exact: true });
  }

  async clear(store: Store): Promise<void> {
    await this.region(store).getByRole('button', { name: `Clear ${store}` }).click();
  }
}

/** Fills a store of the page's own with `lab-00000`, `lab-00001` and so on; the page looks again when it gets the focus. */
export async function fill(page: Page, area: 'localStorage' | 'sessionStorage', count: number): Promise<void> {
  await page.evaluate(
    ([area, count]) => {
      for (let i = 0; i < count; i++) window[area].setItem(`lab-${String(i).padStart(5, '0')}`, `value ${i * 7919 % count}`);
      window.dispatchEvent(new Event('focus'));
    },
    [area, count] as const,
  );
}
