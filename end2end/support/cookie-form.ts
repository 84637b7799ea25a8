// The form "Cookie with attributes" and what it says.
import { expect, type Locator } from '@playwright/test';
import type { Bench } from './bench';

export type Carrier = 'script' | 'http';
export type Attributes = Partial<{
  Prefix: string;
  Name: string;
  Value: string;
  'Max-Age': string;
  Expires: string;
  Path: string;
  Domain: string;
  SameSite: 'Lax' | 'Strict' | 'None' | '';
  Secure: boolean;
  HttpOnly: boolean;
  Partitioned: boolean;
}>;

export class CookieForm {
  readonly form: Locator;
  readonly result: Locator;
  readonly forecast: Locator;
  readonly why: Locator;

  constructor(private readonly bench: Bench) {
    this.form = bench.page.getByRole('form', { name: 'Cookie with attributes' });
    this.result = this.form.getByRole('region', { name: /^(The browser|What became)/ });
    this.forecast = this.form.getByRole('list', { name: 'What the spec says' });
    this.why = this.form.getByRole('list', { name: 'Why' }).getByRole('listitem');
  }

  static async open(bench: Bench): Promise<CookieForm> {
    await bench.choose('Cookies', 'Cookie with attributes');
    return new CookieForm(bench).shown();
  }

  static async edit(bench: Bench, name: string): Promise<CookieForm> {
    await bench.cell('Cookies', name).getByRole('button', { name: `Edit attributes of ${name}` }).click();
    return new CookieForm(bench).shown();
  }

  private async shown(): Promise<this> {
    await expect(this.form.getByRole('combobox', { name: 'Set it through' })).toBeFocused();
    return this;
  }

  field(name: string): Locator {
    return this.form.getByRole('textbox', { name, exact: true });
  }

  async fill(attributes: Attributes, carrier: Carrier): Promise<void> {
    await this.form.getByRole('combobox', { name: 'Set it through' }).selectOption(carrier);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === 'boolean') await this.form.getByRole('checkbox', { name, exact: true }).setChecked(value);
      else if (name === 'Prefix' || name === 'SameSite') await this.form.getByRole('combobox', { name }).selectOption(value);
      else await this.field(name).fill(value);
    }
  }

  /** The text that the page says it will hand over. */
  async preview(): Promise<string> {
    return (await this.form.getByRole('region', { name: 'Exactly this will be handed to the browser' }).textContent()) ?? '';
  }

  /** What the page expects of the line, by the term of its list. */
  expected(term: 'Forecast by the spec' | 'Path' | 'Sent to' | 'Ends' | 'Flags'): Locator {
    const list = this.form.getByRole('region', { name: 'Forecast' });
    return list.getByRole('term').filter({ hasText: term }).locator('xpath=following-sibling::dd[1]');
  }

  /** Takes a line from elsewhere over. */
  async paste(line: string): Promise<void> {
    await this.form.getByText('Take a line apart').click();
    await this.form.getByRole('textbox', { name: 'A Set-Cookie line' }).fill(line);
    await this.form.getByRole('button', { name: 'Fill in' }).click();
  }

  async tryIt(): Promise<void> {
    await this.form.getByRole('button', { name: 'Try it' }).click();
    await expect(this.result).toBeFocused();
  }

  /** What the result says of one lane. */
  lane(name: 'Browser' | 'Scripts' | 'Server'): Locator {
    return this.result.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd[1]');
  }
}
