// Close the browser: a real profile, a real quit, and a jar that is asked from outside.
import type { BrowserContext, Page } from '@playwright/test';
import { inspect } from '../support/accessibility';
import { PlainBrowser } from '../support/browser';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

const NAMES = /^lab-x[0-9a-f]{12}-/;
const jar = async (context: BrowserContext) =>
  (await context.cookies()).filter(({ name }) => NAMES.test(name)).map(({ name }) => name.replace(NAMES, '')).sort();

/** Lays the marks and comes to where the browser is to be quit. */
async function lay(page: Page, url: string): Promise<Experiment> {
  await page.goto(`${url}/experiments/close-the-browser`);
  const experiment = new Experiment(page);
  await experiment.choices.first().check();
  await experiment.button('Run it').click();
  await expect(page.getByText('The marks are laid. Quit the browser now')).toBeVisible();
  return experiment;
}

for (const [title, flags, outcome, jarAfter] of [
  ['a browser that starts anew has dropped what is called after a session', [], 'Holds.', ['timed']],
  ['a browser that brings its tabs back brings both back', ['--restore-last-session'], 'Does not hold in this browser.', ['cookie', 'timed']],
] as const) {
  test(title, async ({ baseURL }, testInfo) => {
    const profile = testInfo.outputPath('profile');
    const before = await PlainBrowser.start(profile);
    await lay(await before.context.newPage(), baseURL!);
    expect(await jar(before.context)).toEqual(['cookie', 'timed']);
    await before.quit();

    const restores = flags.length > 0;
    const address = `${baseURL}/experiments/close-the-browser`;
    const after = await PlainBrowser.start(profile, flags, restores ? address : undefined);
    const restored = after.context.pages().find((page) => page.url() === address);
    expect(restored !== undefined).toBe(restores);
    const page = restored ?? (await after.context.newPage());
    await page.bringToFront();
    if (!restores) await page.goto(address);
    expect(await jar(after.context)).toEqual(jarAfter);
    const experiment = new Experiment(page);
    await experiment.predict(/^The cookie with Max-Age and the entry/);
    await experiment.run(outcome);
    await leavesNoTrace(after.context, page);
    await after.quit();
  });
}

test('while it waits it is accessible, and reset takes the marks away', async ({ baseURL, context, page }) => {
  const experiment = await lay(page, baseURL!);
  await inspect(page);
  await experiment.reset();
  await leavesNoTrace(context, page);
});

test('a run whose page is still open is not taken for one of before', async ({ baseURL, context, page }) => {
  const tabs = [page, await context.newPage()];
  const experiments = [await lay(tabs[0]!, baseURL!), await lay(tabs[1]!, baseURL!)];
  expect(await jar(context)).toEqual(['cookie', 'cookie', 'timed', 'timed']);
  for (const experiment of experiments) await experiment.reset();
  await leavesNoTrace(context, page);
});
