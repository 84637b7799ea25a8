// The page `/` in a stock engine, in the same words as support/bench.ts.
import { OPTIONAL, type Store, STORES } from '../bench';
import { type Place, soon, type Tab, until } from './tab';

export class Bench {
  /** The stores that have a column, in the order of the columns. */
  private columns: readonly Store[] = STORES;

  constructor(readonly tab: Tab) {}

  async open(path = '/'): Promise<this> {
    await this.tab.open(path);
    return this.awake();
  }

  /** Waits until scripts have taken the page over: only they can measure this store. */
  async awake(): Promise<this> {
    await soon(() => this.header('sessionStorage').text(), 20_000).toMatch(/[\d,]+ of [\d,]+ UTF-16 units/);
    return this;
  }

  /** Waits until the page hears the server. */
  async listening(): Promise<void> {
    await soon(() => this.tab.role('main').text()).toContain('Live: what other tabs, the server or another browser change');
  }

  get status(): Place {
    return this.tab.selector('.status-bar [role=status]');
  }

  /** Waits until the page says so. */
  async says(words: string | RegExp, timeout?: number): Promise<void> {
    const told = soon(() => this.status.text(), timeout, 'what the page says');
    await (typeof words === 'string' ? told.toBe(words) : told.toMatch(words));
  }

  get grid(): Place {
    return this.tab.role('grid', 'What each store holds');
  }

  /** The head of a store's column; without scripts the table is no grid. */
  header(store: Store): Place {
    return this.tab.role('columnheader', store);
  }

  /** Opens a store's menu. */
  async menu(store: Store): Promise<Place> {
    await this.header(store).role('button', `${store} menu`).click();
    return this.tab.role('group', `${store} menu`);
  }

  row(name: string): Place {
    return this.grid.role('row').having(this.tab.role('rowheader', name));
  }

  rowHeader(name: string): Place {
    return this.grid.role('rowheader', name);
  }

  cell(store: Store, name: string): Place {
    return this.row(name).selector('td').nth(this.columns.indexOf(store));
  }

  value(store: Store, name: string): Place {
    return this.cell(store, name).selector('code');
  }

  /** Waits until the store shows the entry with that value. */
  async shows(store: Store, name: string, value: string, timeout?: number): Promise<void> {
    await soon(() => this.value(store, name).text(), timeout, `${name} in ${store}`).toBe(value);
  }

  async lacks(store: Store, name: string): Promise<void> {
    await soon(() => this.cell(store, name).text(), undefined, `${name} in ${store}`).toMatch(/^($|—)/);
  }

  button(name: string): Place {
    return this.tab.role('button', name);
  }

  /** The button in a cell that edits, deletes or puts an entry. */
  inCell(verb: 'Edit' | 'Delete' | 'Put', store: Store, name: string): Place {
    return this.cell(store, name).role('button', `${verb} ${name} ${verb === 'Delete' ? 'from' : 'in'} ${store}`);
  }

  /** The field of an entry that is being edited. */
  field(store: Store, name: string): Place {
    return this.cell(store, name).role('textbox', `Value of ${name} in ${store}`);
  }

  /** Puts a value in all four. */
  async put(name: string, value: string): Promise<void> {
    const form = this.tab.role('form', 'Put a value');
    await form.role('textbox', 'Name').fill(name);
    await form.role('textbox', 'Value').fill(value);
    await this.button('Put in all four').click();
  }

  async add(store: Store, name: string, value: string): Promise<void> {
    await (await this.menu(store)).role('button', `Add to ${store}`).click();
    const form = this.tab.role('form', `Add to ${store}`);
    const field = form.role('textbox', 'Name');
    // The form gives it the focus once it is there; whoever types before that is led back to it.
    await until(() => field.isFocused(), `${field} is ready`);
    await field.fill(name);
    await form.role('textbox', 'Value').fill(value);
    await form.role('button', 'Add').click();
  }

  async edit(store: Store, name: string, value: string): Promise<void> {
    await this.inCell('Edit', store, name).click();
    await this.field(store, name).fill(value);
    await this.cell(store, name).role('button', 'Save').click();
  }

  async delete(store: Store, name: string): Promise<void> {
    await this.inCell('Delete', store, name).click();
  }

  columnSwitch(store: Store): Place {
    return this.tab.role('group', 'Columns').role('button', store);
  }

  /** Switches a column on and waits until it is read. */
  async switchOn(store: Store): Promise<void> {
    await this.columnSwitch(store).click();
    await this.says(new RegExp(`^${store} is shown, with \\d+ entr(y|ies)\\.$`));
    this.columns = [...STORES, ...OPTIONAL].filter((other) => other === store || this.columns.includes(other));
  }

  /** Opens one of the tools beside the table. */
  async tool(name: string): Promise<Place> {
    await this.tab.role('tab', name).click();
    return this.tab.role('tabpanel', name);
  }
}
