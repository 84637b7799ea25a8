// Who can read it: each table held against pages that the test itself opens, and the jar as Playwright sees it.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import type { BrowserContext } from '@playwright/test';

const ENTRIES = ['plain', 'hidden', 'path', 'session', 'local'];
const NAMES = ['cookie', 'cookie, HttpOnly', 'cookie, Path=/lab', 'sessionStorage', 'localStorage'];
const TITLES = [
  'This page and its server',
  'A second tab and its server',
  'A page below /lab and its server',
  'A page of the other site and its server',
];

/** Which entries scripts see at an address, in a tab of its own, and which cookies the jar has for it. */
async function seenAt(context: BrowserContext, url: string): Promise<[string[], string[]]> {
  const tab = await context.newPage();
  await tab.goto(url);
  const names = await tab.evaluate(() => [
    ...document.cookie.split('; ').map((pair) => pair.split('=')[0]!),
    ...Object.keys(sessionStorage),
    ...Object.keys(localStorage),
  ]);
  await tab.close();
  const cookies = (await context.cookies(url)).map(({ name }) => name);
  const entries = (names: string[]) => ENTRIES.filter((entry) => names.some((name) => new RegExp(`^lab-x\\w+-${entry}$`).test(name)));
  return [entries(names), entries(cookies)];
}

/** What a table says, in the same way. */
async function told(experiment: Experiment, step: number): Promise<[string[], string[]]> {
  const table = experiment.lane(step, 'Browser').getByRole('figure', { name: TITLES[step - 1] });
  const who = async (column: number) => {
    const seen = [];
    for (const [index, name] of NAMES.entries()) {
      const row = table.getByRole('row').filter({ has: experiment.page.getByRole('rowheader', { name, exact: true }) });
      if ((await row.getByRole('cell').nth(column).textContent()) === 'sees it') seen.push(ENTRIES[index]!);
    }
    return seen;
  };
  return [await who(0), await who(1)];
}

test('each entry is read by those whom the browser lets read it, and by nobody of the other site', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('who-can-read-it');
  await experiment.predict(/^It depends on the place/);
  await experiment.button('Step by step').click();
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');

  // Everything is laid now, and stays so until the run is over.
  const { origin, hostname } = new URL(page.url());
  const other = origin.replace(hostname, hostname === 'localhost' ? '127.0.0.1' : 'localhost');
  const tab = await seenAt(context, `${origin}/lab/echo`);
  expect(tab).toEqual([['plain', 'path', 'local'], ['plain', 'hidden', 'path']]);
  const elsewhere = await seenAt(context, `${other}/lab/echo`);
  expect(elsewhere).toEqual([[], []]);
  const [path] = await seenAt(context, `${origin}/healthz`);
  expect(path).toEqual(['plain', 'local']);

  for (let step = 2; step <= 4; step++) {
    await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
    await experiment.button('Next step').click();
    await expect(experiment.lane(step, 'Browser').getByRole('figure', { name: TITLES[step - 1] })).toBeVisible();
  }
  await experiment.concludes('Holds.');
  await expect(experiment.verdict).toContainText('You expected just that');

  const [scripts, server] = await told(experiment, 1);
  expect(scripts).toEqual([...path.slice(0, 1), 'session', ...path.slice(1)]);
  expect(server).toEqual(tab[1]);
  expect(await told(experiment, 2)).toEqual(tab);
  // A frame shares the sessionStorage of its tab.
  expect(await told(experiment, 3)).toEqual([['plain', 'path', 'session', 'local'], tab[1]]);
  expect(await told(experiment, 4)).toEqual(elsewhere);
  await expect.poll(() => context.pages().length).toBe(1);
  await leavesNoTrace(context, page);
});

test('it can be run twice, and a wrong prediction is told apart', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('who-can-read-it');
  for (const words of [/^Scripts read all of it/, /^Only the tab/]) {
    await experiment.predict(words);
    await experiment.run('Holds.');
    await expect(experiment.verdict).toContainText('What came out: It depends on the place');
    await leavesNoTrace(context, page);
    await experiment.reset();
  }
});

test('a browser that does not let the other site answer is told apart', async ({ page }) => {
  // As a browser does that blocks the other site's requests.
  await page.route(/\/lab\/reader\?.*to=other/, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  const experiment = await new Experiment(page).open('who-can-read-it');
  await experiment.predict(/^Every page in this browser/);
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('No word came from there');
});
