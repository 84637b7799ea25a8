// The page of an experiment, in the words of the contract in docs/EXPERIMENTS.md.
import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contents } from './oracle';
import { ROOT } from './server';

export type Lane = 'Browser' | 'Wire' | 'Server';
export type Outcome = 'Holds.' | 'Holds, with a catch.' | 'Does not hold in this browser.' | 'Cannot be tried here.';

/** The slugs of all experiments: each has a file of its own. */
export const SLUGS = readdirSync(join(ROOT, 'app/src/experiments/catalogue'))
  .filter((file) => file.endsWith('.rs') && file !== 'mod.rs')
  .map((file) => file.replace('.rs', '').replaceAll('_', '-'));

export class Experiment {
  /** What became of the claim, and of the prediction. */
  readonly verdict: Locator;
  readonly trouble: Locator;
  readonly choices: Locator;
  /** How long a run takes and what it opens, told before it. */
  readonly beforehand: Locator;
  private readonly steps: Locator;

  constructor(readonly page: Page) {
    const verdict = page.getByRole('region', { name: 'Verdict' });
    this.verdict = verdict.getByRole('status');
    this.trouble = verdict.getByRole('alert');
    this.choices = page.getByRole('radiogroup', { name: 'What do you expect?' }).getByRole('radio');
    this.beforehand = page.getByText(/^A run takes /);
    this.steps = page.getByRole('list', { name: 'Steps' }).locator('> li');
  }

  /** Opens it; `query` sets parameters: `?bytes=1`. */
  async open(slug: string, query = '', base = ''): Promise<this> {
    await this.page.goto(`${base}/experiments/${slug}${query}`);
    await expect(this.choices.first()).toBeEnabled();
    return this;
  }

  button(name: 'Open the window' | 'Run it' | 'Step by step' | 'Next step' | 'Reset' | 'Copy the link'): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** A parameter's field. */
  parameter(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  async predict(words: string | RegExp): Promise<void> {
    await this.page.getByRole('radio', { name: words }).check();
  }

  /** Runs it all at once and waits for its verdict. */
  async run(outcome?: Outcome, timeout = 30_000): Promise<void> {
    await this.button('Run it').click();
    await this.concludes(outcome, timeout);
  }

  async concludes(outcome?: Outcome, timeout = 30_000): Promise<void> {
    await expect(this.verdict.or(this.trouble).filter({ hasText: /./ })).toBeVisible({ timeout });
    await expect(this.trouble).toBeHidden();
    await expect(this.verdict.locator('strong')).toHaveText(outcome ?? /^(Holds|Does not hold)/);
  }

  /** What was seen in a step, counted from 1. */
  lane(step: number, lane: Lane): Locator {
    return this.steps.nth(step - 1).getByRole('group', { name: lane });
  }

  /** The text under each title of what was seen in a step, such as a request's head. */
  async texts(step: number, lane: Lane, title: string | RegExp): Promise<string[]> {
    const figures = this.lane(step, lane).getByRole('figure', { name: title });
    return figures.locator('pre').allTextContents();
  }

  async reset(): Promise<void> {
    await this.button('Reset').click();
    await expect(this.choices.first()).toBeEnabled();
    await expect(this.button('Run it')).toHaveAttribute('aria-disabled', 'true');
  }
}

/**
 * The tokens that the page shows to the server, each with the status of the answer, as the browser notes them; it may note the
 * last one after the page has shown it.
 */
export function shownTokens(page: Page): (count: number) => Promise<[token: string, status: number][]> {
  const all: [string, number][] = [];
  page.on('response', (response) => {
    if (response.url().includes('/lab/subject/whoami')) all.push([response.request().headers()['lab-token']!, response.status()]);
  });
  return async (count) => {
    await expect.poll(() => all).toHaveLength(count);
    return all;
  };
}

/** Asserts that nothing in the browser bears the name of a run. */
export async function leavesNoTrace(context: BrowserContext, page: Page): Promise<void> {
  const named = async () => {
    const areas = await Promise.all([contents(page, 'localStorage'), contents(page, 'sessionStorage')]);
    const cookies = (await context.cookies()).map(({ name }) => name);
    return [...cookies, ...areas.flatMap(Object.keys)].filter((name) => name.includes('lab-x'));
  };
  await expect.poll(named).toEqual([]);
}
