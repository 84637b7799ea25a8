// The page `/` in a stock engine, in the same words as support/bench.ts.
import type { Store } from '../bench';
import { type Place, soon, type Tab, until } from './tab';

export class Bench {
  constructor(readonly tab: Tab) {}

  async open(path = '/'): Promise<this> {
    await this.tab.open(path);
    return this.awake();
  }

  /** Waits until scripts have taken the page over: only they can measure this store. */
  async awake(): Promise<this> {
    await soon(() => this.region('sessionStorage').text(), 20_000).toMatch(/[\d,]+ of [\d,]+ UTF-16 units/);
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

  region(store: Store): Place {
    return this.tab.role('region', store);
  }

  row(store: Store, name: string): Place {
    return this.region(store).role('row').having(this.tab.role('rowheader', name));
  }

  /** Waits until the store shows the entry with that value. */
  async shows(store: Store, name: string, value: string, timeout?: number): Promise<void> {
    await soon(() => this.value(store, name).text(), timeout, `${name} in ${store}`).toBe(value);
  }

  async lacks(store: Store, name: string): Promise<void> {
    await soon(() => this.row(store, name).count(), undefined, `${name} in ${store}`).toBe(0);
  }

  header(store: Store, name: string): Place {
    return this.region(store).role('rowheader', name);
  }

  value(store: Store, name: string): Place {
    // Testing Library takes the cells of a grid for those of a table.
    return this.row(store, name).role('cell').nth(0);
  }

  button(name: string): Place {
    return this.tab.role('button', name);
  }

  /** Puts a value in all four. */
  async put(name: string, value: string): Promise<void> {
    const form = this.tab.role('form', 'Put a value');
    await form.role('textbox', 'Name').fill(name);
    await form.role('textbox', 'Value').fill(value);
    await this.button('Put in all four').click();
  }

  async add(store: Store, name: string, value: string): Promise<void> {
    await this.region(store).role('button', `Add to ${store}`).click();
    const form = this.region(store).role('form', `Add to ${store}`);
    const field = form.role('textbox', 'Name');
    // The form gives it the focus once it is there; whoever types before that is led back to it.
    await until(() => field.isFocused(), `${field} is ready`);
    await field.fill(name);
    await form.role('textbox', 'Value').fill(value);
    await form.role('button', 'Add').click();
  }

  async edit(store: Store, name: string, value: string): Promise<void> {
    await this.row(store, name).role('button', `Edit ${name}`).click();
    await this.row(store, name).role('textbox', `Value of ${name}`).fill(value);
    await this.row(store, name).role('button', 'Save').click();
  }

  async delete(store: Store, name: string): Promise<void> {
    await this.row(store, name).role('button', `Delete ${name}`).click();
  }

  columnSwitch(store: Store): Place {
    return this.tab.role('group', 'Columns').role('button', store);
  }

  /** Switches a column on and waits until it is read. */
  async switchOn(store: Store): Promise<void> {
    await this.columnSwitch(store).click();
    await this.says(new RegExp(`^${store} is shown, with \\d+ entr(y|ies)\\.$`));
  }

  /** Opens one of the tools below the columns. */
  async tool(name: string): Promise<Place> {
    await this.tab.role('tab', name).click();
    return this.tab.role('tabpanel', name);
  }
}
