// A page in the words of a spec: what is found by role and name, clicked, filled in and read.
import { expect } from '@playwright/test';
import type { Page } from './engine';
import { FINDER, type Finding, send, type Step, type Words } from './find';

const THERE_WITHIN_MS = 15_000;
const LOOK_AFTER_MS = [50, 100, 200];

/** Looks again and again until an assertion holds: `soon(() => place.text()).toBe('…')`. */
export const soon = <Value>(look: () => Promise<Value>, timeout = THERE_WITHIN_MS, message?: string) =>
  expect.poll(look, { timeout, intervals: LOOK_AFTER_MS, message });

/** Does something until it has worked. */
export async function until(work: () => Promise<boolean>, what: string, timeout = THERE_WITHIN_MS): Promise<void> {
  await soon(work, timeout, what).toBe(true);
}

export class Tab {
  isClosed = false;

  constructor(
    readonly page: Page,
    private readonly base: string,
  ) {}

  /** Opens a path of the server, or another address. */
  async open(path: string): Promise<this> {
    await this.page.goto(new URL(path, this.base).href);
    return this;
  }

  reload(): Promise<void> {
    return this.page.reload();
  }

  /** The path with what follows it. */
  async path(): Promise<string> {
    const { pathname, search } = new URL(await this.page.url());
    return pathname + search;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.page.close();
  }

  press(key: string): Promise<void> {
    return this.page.press(key);
  }

  type(text: string): Promise<void> {
    return this.page.type(text);
  }

  private get body(): Place {
    return new Place(this.page, []);
  }

  role(role: string, name?: Words): Place {
    return this.body.role(role, name);
  }

  label(name: Words): Place {
    return this.body.label(name);
  }

  selector(selector: string): Place {
    return this.body.selector(selector);
  }

  /** What the page says of itself when it is broken. */
  get broken(): Place {
    return this.selector('#page-broke');
  }
}

/** What may be found in a page, looked for each time anew. */
export class Place {
  constructor(
    private readonly page: Page,
    private readonly steps: Step[],
  ) {}

  private further(step: Step): Place {
    return new Place(this.page, [...this.steps, step]);
  }

  role(role: string, name?: Words): Place {
    return this.further({ to: 'role', role, ...(name !== undefined && { name: send(name) }) });
  }

  label(name: Words): Place {
    return this.further({ to: 'label', label: send(name) });
  }

  selector(selector: string): Place {
    return this.further({ to: 'selector', selector });
  }

  /** Those that hold a text. */
  saying(text: Words): Place {
    return this.further({ to: 'saying', text: send(text) });
  }

  /** Those that hold another place, which is taken from the page on. */
  having(other: Place): Place {
    return this.further({ to: 'having', steps: other.steps });
  }

  nth(place: number): Place {
    return this.further({ to: 'place', place });
  }

  /** What a function makes of all that is found. */
  private async read<Value, Args extends unknown[]>(work: (found: HTMLElement[], ...args: Args) => Value, ...args: Args): Promise<Value> {
    const body = `({ value: (${work})(globalThis.labFind(steps), ...args) })`;
    const look = new Function('steps', '...args', `return globalThis.labFind ? ${body} : null`) as (
      steps: Step[],
      ...args: Args
    ) => { value: Value } | null;
    for (;;) {
      const answer = await this.page.evaluate(look, this.steps, ...args);
      if (answer) return answer.value;
      await this.page.run(FINDER);
    }
  }

  count(): Promise<number> {
    return this.read((found) => found.length);
  }

  async isThere(): Promise<boolean> {
    return (await this.count()) > 0;
  }

  /** The text of each, as it is read. */
  texts(): Promise<string[]> {
    return this.read((found) => found.map((element) => element.textContent!.replace(/\s+/g, ' ').trim()));
  }

  /** The text of the only one; of none it is empty. */
  async text(): Promise<string> {
    return this.only(await this.texts()) ?? '';
  }

  async value(): Promise<string | undefined> {
    return this.only(await this.read((found) => found.map((element) => (element as HTMLInputElement).value)));
  }

  async isChecked(): Promise<boolean | undefined> {
    return this.only(await this.read((found) => found.map((element) => (element as HTMLInputElement).checked)));
  }

  async attribute(name: string): Promise<string | null | undefined> {
    return this.only(await this.read((found, name) => found.map((element) => element.getAttribute(name)), name));
  }

  /** What the field is described by. */
  async description(): Promise<string | undefined> {
    return this.only(
      await this.read((found) =>
        found.map((element) =>
          (element.getAttribute('aria-describedby') ?? '')
            .split(' ')
            .map((id) => document.getElementById(id)?.textContent ?? '')
            .join(' '),
        ),
      ),
    );
  }

  /** Whether it has the focus. */
  async isFocused(): Promise<boolean> {
    return this.read((found) => found.length === 1 && found[0] === document.activeElement);
  }

  private only<Value>(all: Value[]): Value | undefined {
    if (all.length > 1) throw new Error(`${all.length} of ${this}`);
    return all[0];
  }

  /** Clicks on it as soon as it is there, alone and enabled. */
  async click(timeout?: number): Promise<void> {
    await until(() => this.clickAtOnce(), `${this} can be clicked`, timeout);
  }

  /** Clicks on it if that is possible now; tells whether it was hit, which what moves just then is not. */
  async clickAtOnce(): Promise<boolean> {
    const ready = await this.read((found) => {
      const [element] = found;
      if (found.length !== 1 || element!.matches(':disabled, [aria-disabled=true]')) return false;
      // Without scripts no listener hears it.
      (globalThis as Finding).labHit = matchMedia('(scripting: none)').matches;
      element!.addEventListener('click', () => ((globalThis as Finding).labHit = true), { capture: true, once: true });
      return true;
    });
    if (!ready || !(await this.page.click((steps: Step[]) => (globalThis as Finding).labFind?.(steps)[0], this.steps))) return false;
    // A page that the click has led away from cannot be asked, and the next one knows nothing of it.
    return this.page.evaluate(() => (globalThis as Finding).labHit !== false).catch(() => true);
  }

  async focus(): Promise<void> {
    await until(() => this.isThere(), `${this} is there`);
    await this.read((found) => found[0]!.focus());
  }

  /** Types a text in place of what is in the field. A page that moves the focus meanwhile makes it begin anew. */
  async fill(text: string): Promise<void> {
    await until(async () => {
      const chosen = await this.read((found) => {
        const [field] = found as HTMLInputElement[];
        if (found.length !== 1 || field!.matches(':disabled')) return false;
        field!.focus();
        field!.select();
        return true;
      });
      if (chosen) await (text ? this.page.type(text) : this.page.press('Delete'));
      return chosen && (await this.value()) === text;
    }, `${this} can be filled in`);
  }

  toString(): string {
    return this.steps.map((step) => Object.values(step).map((part) => JSON.stringify(part)).join(' ')).join(' > ');
  }
}

/** Gives the page the click that it asks for where the browser opens no window without one. */
export async function openWindowIfAsked(within: Place): Promise<void> {
  const button = within.role('button', 'Open the window');
  if (await button.isThere()) await button.clickAtOnce();
}
