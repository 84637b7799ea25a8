// The page `/` in the words of DESIGN.md: one table of what each store holds, and the form that puts a value into all stores.
import { expect, type Frame, type Locator, type Page } from '@playwright/test';

export const STORES = ['Cookies', 'sessionStorage', 'localStorage', 'Server session'] as const;
/** Those that share the browser's quota for the origin. */
export const QUOTA_MANAGED = ['IndexedDB', 'Cache Storage', 'OPFS'] as const;
/** Those that can be switched on, in the order of their columns. */
export const OPTIONAL = [...QUOTA_MANAGED, 'Address'] as const;
export type Store = (typeof STORES)[number] | (typeof OPTIONAL)[number];

/** The row headers of the facts, which come before the entries. */
export const FACTS = ['Who can read it', 'Sent with requests', 'Where it lives', 'When it ends'] as const;
export type Fact = (typeof FACTS)[number];

/** The rows before the first entry: the head and the facts. */
export const ROWS_BEFORE = 1 + FACTS.length;

const GRID = 'What each store holds';
/** What stands in a cell where the store has no entry of the name. */
const EMPTY = /^\s*—/;

/** The bench of a page, or of a frame in one of an app's. */
export class Bench<P extends Page | Frame = Page> {
  readonly deposit: Locator;
  readonly status: Locator;
  readonly nameField: Locator;
  readonly valueField: Locator;
  readonly search: Locator;
  readonly filter: Locator;
  /** The table of all stores; without scripts it is no grid. */
  readonly grid: Locator;
  readonly selectAll: Locator;
  /** Folds the facts. */
  readonly factsButton: Locator;

  constructor(readonly page: P) {
    this.deposit = page.getByRole('form', { name: 'Put a value' });
    this.status = page.getByRole('main').getByRole('status');
    this.nameField = this.deposit.getByRole('textbox', { name: 'Name' });
    this.valueField = this.deposit.getByRole('textbox', { name: 'Value' });
    this.search = page.getByRole('search', { name: 'Filter entries' });
    this.filter = this.search.getByRole('searchbox', { name: 'Filter' });
    this.grid = page.getByRole('grid', { name: GRID }).or(page.getByRole('table', { name: GRID }));
    this.factsButton = this.grid.getByRole('columnheader', { name: 'Name', exact: true }).getByRole('button', { name: 'Facts' });
    this.selectAll = page.getByRole('checkbox', { name: 'Select all shown' });
  }

  async open(url = '/'): Promise<this> {
    await this.page.goto(url);
    await this.awake();
    return this;
  }

  /** Waits until scripts have taken the page over: only they can measure this store. */
  async awake(): Promise<void> {
    await expect(this.header('sessionStorage')).toContainText(/[\d,]+ of 5,242,880 UTF-16 units/);
  }

  /** Waits until the page hears the server. */
  async listening(): Promise<void> {
    await expect(this.page.getByRole('main')).toContainText('Live: what other tabs, the server or another browser change');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The head of a store's column. */
  header(store: Store): Locator {
    return this.grid.getByRole('columnheader', { name: store, exact: true });
  }

  menuButton(store: Store): Locator {
    return this.header(store).getByRole('button', { name: `${store} menu`, exact: true });
  }

  /** Opens a store's menu. */
  async menu(store: Store): Promise<Locator> {
    await this.menuButton(store).click();
    const menu = this.page.getByRole('group', { name: `${store} menu`, exact: true });
    await expect(menu).toBeVisible();
    return menu;
  }

  /** Does what a button of a store's menu does. */
  async choose(store: Store, button: string): Promise<void> {
    await (await this.menu(store)).getByRole('button', { name: button, exact: true }).click();
  }

  rowHeader(name: string): Locator {
    return this.grid.getByRole('rowheader', { name, exact: true });
  }

  row(name: string): Locator {
    return this.grid.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name, exact: true }) });
  }

  /** What a store holds under a name, or that it holds nothing. */
  cell(store: Store, name: string): Locator {
    const row = this.row(name);
    // The column is the one in whose head the store is named.
    const head = `ancestor::table/thead/tr[1]/th[.//text()[normalize-space() = "${store}"]]`;
    const inColumn = row.locator(`xpath=./td[position() = count(${head}/preceding-sibling::th)]`);
    return row.getByRole('gridcell').or(row.getByRole('cell')).and(inColumn);
  }

  /** What is known of a store before it holds anything. */
  fact(store: Store, fact: Fact): Locator {
    return this.cell(store, fact);
  }

  /** The last cell of a row, with what is done to the name in all stores. */
  actions(name: string): Locator {
    return this.row(name).getByRole('gridcell').last();
  }

  value(store: Store, name: string): Locator {
    return this.cell(store, name).locator('code');
  }

  /** The names of the entries, as far as they are in the document, in their order. */
  names(): Locator {
    return this.grid.getByRole('rowheader').filter({ hasNotText: new RegExp(`^\\s*(${FACTS.join('|')})\\s*$`) });
  }

  /** Asserts how many rows of entries there are, be they in the document or not. */
  async counts(rows: number, timeout?: number): Promise<void> {
    await expect(this.grid).toHaveAttribute('aria-rowcount', String(rows + ROWS_BEFORE), timeout === undefined ? {} : { timeout });
  }

  /** Asserts that the store shows the entry with that value. */
  async shows(store: Store, name: string, value: string | RegExp): Promise<void> {
    await expect(this.value(store, name)).toHaveText(value);
  }

  async lacks(store: Store, name: string): Promise<void> {
    await expect(this.cell(store, name).filter({ hasNotText: EMPTY })).toHaveCount(0);
  }

  checkbox(name: string): Locator {
    return this.rowHeader(name).getByRole('checkbox', { name: `Select ${name}`, exact: true });
  }

  async sortBy(what: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Sort by' }).selectOption(what);
  }

  /** Turns the order round. */
  async turn(): Promise<void> {
    await this.page.getByRole('button', { name: /^(As|Des)cending$/ }).click();
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

  /** The form for a new entry of a store. */
  addForm(store: Store): Locator {
    return this.page.getByRole('form', { name: `Add to ${store}`, exact: true });
  }

  async openAdd(store: Store): Promise<Locator> {
    await this.choose(store, `Add to ${store}`);
    return this.addForm(store);
  }

  async add(store: Store, name: string, value: string): Promise<void> {
    const form = await this.openAdd(store);
    await form.getByRole('textbox', { name: 'Name' }).fill(name);
    await form.getByRole('textbox', { name: 'Value' }).fill(value);
    await form.getByRole('button', { name: 'Add' }).click();
  }

  /** The button in a cell that edits, deletes or puts an entry. */
  inCell(verb: 'Edit' | 'Delete' | 'Put', store: Store, name: string): Locator {
    const preposition = verb === 'Delete' ? 'from' : 'in';
    return this.cell(store, name).getByRole('button', { name: `${verb} ${name} ${preposition} ${store}`, exact: true });
  }

  /** The field of an entry that is being edited. */
  field(store: Store, name: string): Locator {
    return this.cell(store, name).getByRole('textbox', { name: `Value of ${name} in ${store}`, exact: true });
  }

  /** Begins to edit an entry. */
  async openEdit(store: Store, name: string): Promise<Locator> {
    await this.inCell('Edit', store, name).click();
    return this.field(store, name);
  }

  async save(store: Store, name: string): Promise<void> {
    await this.cell(store, name).getByRole('button', { name: 'Save' }).click();
  }

  async edit(store: Store, name: string, value: string): Promise<void> {
    await (await this.openEdit(store, name)).fill(value);
    await this.save(store, name);
  }

  async delete(store: Store, name: string): Promise<void> {
    await this.inCell('Delete', store, name).click();
  }

  async deleteEverywhere(name: string): Promise<void> {
    await this.actions(name).getByRole('button', { name: `Delete ${name} everywhere`, exact: true }).click();
  }

  /** Puts a name into a store that lacks it. */
  async putIn(store: Store, name: string): Promise<void> {
    await this.inCell('Put', store, name).click();
  }

  /** The button that puts a name into all stores that lack it. */
  putInAllButton(name: string): Locator {
    return this.actions(name).getByRole('button', { name: `Put ${name} in all`, exact: true });
  }

  async putInAll(name: string): Promise<void> {
    await this.putInAllButton(name).click();
  }

  inspectButton(name: string): Locator {
    return this.actions(name).getByRole('button', { name: `Inspect ${name}`, exact: true });
  }

  inspector(name: string): Locator {
    return this.page.getByRole('dialog', { name: `${name} in each store`, exact: true });
  }

  /** Opens a name in full and returns what one store holds under it. */
  async inspect(name: string, store: Store): Promise<Locator> {
    await this.inspectButton(name).click();
    return this.inspector(name).getByRole('region', { name: store, exact: true });
  }

  async clear(store: Store): Promise<void> {
    await this.choose(store, `Clear ${store}`);
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

  /** Opens one of the tools beside the table. */
  async tool(name: string): Promise<Locator> {
    await this.page.getByRole('tab', { name, exact: true }).click();
    return this.page.getByRole('tabpanel', { name, exact: true });
  }

  /** A row of the journal: the latest change of an entry. */
  journalRow(store: string, name: string): Locator {
    const panel = this.page.getByRole('tabpanel', { name: 'Journal' });
    const header = this.page.getByRole('rowheader', { name, exact: true });
    return panel.getByRole('row').filter({ has: header }).filter({ hasText: store }).first();
  }
}

/**
 * Fills the stores of the page's own with `lab-00000`, `lab-00001` and so on: of three names the first goes into both, the
 * second into localStorage, the third into sessionStorage, and the first ten are cookies too. The page looks again when it
 * gets the focus.
 */
export async function fill(page: Page, count: number): Promise<void> {
  await page.evaluate((count) => {
    for (let at = 0; at < count; at++) {
      const [name, value] = [`lab-${String(at).padStart(5, '0')}`, `value ${(at * 7919) % count}`];
      if (at % 3 !== 2) localStorage.setItem(name, value);
      if (at % 3 !== 1) sessionStorage.setItem(name, value);
      if (at < 10) document.cookie = `${name}=${value}; Path=/`;
    }
    window.dispatchEvent(new Event('focus'));
  }, count);
}
