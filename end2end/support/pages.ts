// Pages other than the bench.
import { expect, type Locator, type Page } from '@playwright/test';

/** Ways to spell another site where a path is expected. */
export const ELSEWHERE = ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example'];

/** Opens a page and waits until scripts have taken it over: only they can read the theme that was chosen before. */
export async function openAwake(page: Page, path: string): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('lab-theme', 'light'));
  await page.goto(path);
  await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
}

/** The banner about the session's life: a warning before it ends, a note when it has. */
export const sessionBanner = (page: Page): Locator => page.getByRole('complementary', { name: 'Your session' });

/** A part of the account page. */
export const section = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

/** Lets the page look at once whether somebody is logged in, as it does when one comes back to it. */
export async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
}

/** The catalogue of the experiments, `/experiments`. */
export class Catalogue {
  readonly progress: Locator;
  readonly next: Locator;
  readonly claim: Locator;
  readonly state: Locator;
  readonly clear: Locator;
  /** The headings of the cards that are shown. */
  readonly titles: Locator;
  private readonly main: Locator;

  constructor(private readonly page: Page) {
    this.main = page.getByRole('main');
    this.progress = page.getByRole('region', { name: 'Your progress' });
    this.next = page.getByRole('region', { name: 'Next for you' });
    const filter = page.getByRole('search', { name: 'Filter the experiments' });
    this.claim = filter.getByRole('combobox', { name: 'Claim' });
    this.state = filter.getByRole('combobox', { name: 'State' });
    this.clear = page.getByRole('button', { name: 'Clear the filter' });
    this.titles = this.main.getByRole('heading', { level: 3 });
  }

  /** Opens it; `query` sets the filter: `?claim=C6`. `done` is what this browser remembers of earlier runs. */
  async open(query = '', done: Record<string, string> = {}): Promise<this> {
    const kept = Object.fromEntries(Object.entries(done).map(([slug, verdict]) => [slug, { verdict, at: 1 }]));
    if (Object.keys(done).length) {
      await this.page.addInitScript((text) => localStorage.setItem('lab-progress', text), JSON.stringify(kept));
    }
    await this.page.goto(`/experiments${query}`);
    return this;
  }

  card(title: string): Locator {
    return this.page.getByRole('listitem').filter({ has: this.page.getByRole('heading', { name: title }) });
  }

  /** The slugs of the experiments that are shown, as their links have them. */
  async slugs(): Promise<string[]> {
    const addresses = await this.titles.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
    return addresses.map((address) => address.replace('/experiments/', '')).sort();
  }

  /** How many meet the filter, in words. */
  met(words: string | RegExp): Locator {
    return this.main.getByRole('status').filter({ hasText: words });
  }
}
