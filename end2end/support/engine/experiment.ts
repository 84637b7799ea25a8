// The page of an experiment, run in a stock engine: docs/EXPERIMENTS.md has its names.
import { expect } from '@playwright/test';
import type { Cookie, Session } from './engine';
import { openWindowIfAsked, soon, Tab } from './tab';

export const OUTCOMES = {
  'Holds.': 'holds',
  'Holds, with a catch.': 'holds_with_a_catch',
  'Does not hold in this browser.': 'does_not_hold',
  'Cannot be tried here.': 'cannot_be_tried',
} as const;
export type Outcome = (typeof OUTCOMES)[keyof typeof OUTCOMES];

export type Conclusion = {
  outcome: Outcome;
  /** The place of the choice that the run showed to be right; `null` where it could show none. */
  answer: number | null;
  words: string;
};

const CONCLUDES_WITHIN_MS = 60_000;

/** It concludes only after the browser was quit and started again. */
export const AFTER_A_RESTART = 'close-the-browser';

/** Runs that experiment on a profile: quits the browser when it is asked to, and runs it again in the next start. */
export async function runAcrossARestart(start: () => Promise<Session>, base: string): Promise<{ after: Session; tab: Tab; left: Cookie[]; conclusion: Conclusion }> {
  const before = await start();
  const laying = await new Experiment(new Tab(await before.page(), base)).open(AFTER_A_RESTART);
  await laying.start();
  await laying.hasLaidItsMarks();
  await before.close();

  const after = await start();
  const left = await after.cookies(base);
  const tab = new Tab(await after.page(), base);
  const judging = await new Experiment(tab).open(AFTER_A_RESTART);
  await judging.start();
  return { after, tab, left, conclusion: await judging.concludes() };
}

export class Experiment {
  constructor(private readonly tab: Tab) {}

  async open(slug: string): Promise<this> {
    await this.tab.open(`/experiments/${slug}`);
    return this;
  }

  private get verdict() {
    return this.tab.role('region', 'Verdict').role('status');
  }

  private get trouble() {
    return this.tab.role('region', 'Verdict').role('alert');
  }

  private get choices() {
    return this.tab.role('radiogroup', 'What do you expect?').role('radio');
  }

  get controls() {
    return this.tab.selector('.controls');
  }

  button(name: string) {
    return this.tab.role('button', name);
  }

  /** Expects the first answer and runs it all at once. */
  async start(): Promise<void> {
    await this.choices.nth(0).click();
    await soon(() => this.choices.nth(0).isChecked()).toBe(true);
    await this.button('Run it').click();
  }

  /** Waits until it asks that the browser be quit. */
  async hasLaidItsMarks(): Promise<void> {
    await soon(() => this.controls.role('status').texts()).toContainEqual(expect.stringContaining('The marks are laid. Quit the browser now'));
  }

  /** Waits for what comes of it; a click that it asks for, it gets. */
  async concludes(): Promise<Conclusion> {
    await soon(async () => {
      await openWindowIfAsked(this.controls);
      return (await this.verdict.text()) || (await this.trouble.text());
    }, CONCLUDES_WITHIN_MS, 'a verdict, or why there is none').not.toBe('');
    const trouble = await this.trouble.text();
    if (trouble) throw new Error(`It came to no verdict: ${trouble}`);
    return this.conclusion();
  }

  private async conclusion(): Promise<Conclusion> {
    const title = await this.verdict.selector('strong').text();
    const outcome = OUTCOMES[title as keyof typeof OUTCOMES];
    if (!outcome) throw new Error(`No outcome: ${title}`);
    const [judged = '', prediction = ''] = await this.verdict.selector('p').texts();
    const choices = await this.tab.role('radiogroup', 'What do you expect?').selector('label').texts();
    const right = /(?:What came out|You expected just that): (.*)$/.exec(prediction)?.[1];
    return {
      outcome,
      answer: right === undefined ? null : choices.indexOf(right),
      words: judged.slice(title.length).trim(),
    };
  }
}
