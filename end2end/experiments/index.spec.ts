// The catalogue: what is next, what is run, and the filter by claim and by state, which stands in the address.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '../support/accessibility';
import { Experiment, SLUGS } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { press, tabTo } from '../support/keyboard';
import { contents } from '../support/oracle';
import { Catalogue } from '../support/pages';
import { ROOT } from '../support/server';

/** Which experiments try a claim, by the table in the documents. */
function triedBy(claim: string): string[] {
  const row = readFileSync(join(ROOT, 'docs/EXPERIMENTS.md'), 'utf8').split('\n').find((line) => line.startsWith(`| ${claim} |`))!;
  return [...row.split('|')[3]!.matchAll(/`([a-z0-9-]+)`/g)].map(([, slug]) => slug!).sort();
}

test('the catalogue notes what is run, exports it and forgets it', async ({ page }) => {
  const experiment = await new Experiment(page).open('http-forgets');
  await experiment.choices.first().check();
  await experiment.run();
  await page.getByRole('article').getByRole('link', { name: 'Experiments' }).click();
  const catalogue = new Catalogue(page);
  const card = catalogue.card('HTTP forgets');
  await expect(card).toContainText(/✓ Run on .+: Holds/);
  await expect(catalogue.progress).toContainText(`1 of ${SLUGS.length} run.`);
  await page.getByRole('heading', { name: 'The claims' }).click();
  await expect(page.getByRole('definition').first()).toBeVisible();
  await inspect(page);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export my progress' }).click();
  expect((await download).suggestedFilename()).toBe('storage-lab-progress.json');
  await page.getByRole('button', { name: 'Forget my progress' }).click();
  await expect(catalogue.progress).toContainText('Your progress is forgotten.');
  await expect(card).not.toContainText('Run on');
  expect(await contents(page, 'localStorage')).not.toHaveProperty('lab-progress');
});

test('the first experiment that is not run is next, and each group tells how many are', async ({ page }) => {
  const catalogue = await new Catalogue(page).open('', { 'http-forgets': 'holds', 'what-travels': 'does_not_hold' });
  await expect(catalogue.next.getByRole('link')).toHaveAttribute('href', '/experiments/url-parameters');
  const group = page.getByRole('region', { name: 'What travels with a request' });
  const members = await group.getByRole('heading', { level: 3 }).count();
  await expect(group).toContainText(`2 of ${members} run`);
  await expect(page.getByRole('region', { name: 'Passwords and tokens' })).toContainText(/0 of \d run/);
  await catalogue.next.getByRole('link').click();
  await expect(page.getByRole('article').getByRole('heading', { level: 1 })).toHaveText('What an address gives away');
});

test('who has run all of them is told so', async ({ page }) => {
  const catalogue = await new Catalogue(page).open('', Object.fromEntries(SLUGS.map((slug) => [slug, 'holds'])));
  await expect(catalogue.next).toContainText('You have tried all of them.');
  await expect(catalogue.progress).toContainText(`${SLUGS.length} of ${SLUGS.length} run.`);
});

test('every card tells how long its experiment takes and what it opens', async ({ page }) => {
  const catalogue = await new Catalogue(page).open();
  await expect.poll(() => catalogue.slugs()).toEqual([...SLUGS].sort());
  const cards = page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3 }) });
  for (const card of await cards.all()) {
    await expect(card).toContainText(/Takes (a few seconds|about a minute|about \d+ (seconds|minutes)), (opens |you restart the browser)/);
  }
});

test('a claim is chosen with the keyboard, stands in the address, and shows what tries it', async ({ page }) => {
  const catalogue = await new Catalogue(page).open();
  await expect(catalogue.met(`${SLUGS.length} experiments`)).toBeVisible();
  await tabTo(page, catalogue.claim);
  await page.keyboard.press('C');
  await expect(page).toHaveURL(/\/experiments\?claim=C1$/);
  await expect.poll(() => catalogue.slugs()).toEqual(triedBy('C1'));
  await expect(catalogue.met(`${triedBy('C1').length} of ${SLUGS.length} experiments meet the filter.`)).toBeVisible();
  await expect(page.getByRole('blockquote')).toContainText('Cookies are only stored on the client-side machine');
  await expect(catalogue.claim).toBeFocused();
  await page.reload();
  await expect.poll(() => catalogue.slugs()).toEqual(triedBy('C1'));
  await expect(catalogue.claim).toHaveValue('C1');
  await press(page, catalogue.clear);
  await expect(page).toHaveURL(/\/experiments$/);
  await expect.poll(() => catalogue.slugs()).toEqual([...SLUGS].sort());
  await expect(catalogue.claim).toHaveValue('');
  await expect(catalogue.claim).toBeFocused();
});

test('a state shows what is in it, by itself and together with a claim', async ({ page }) => {
  const done = { 'what-travels': 'does_not_hold', 'what-cookies-cost': 'holds', 'http-forgets': 'holds_with_a_catch', hijack: 'cannot_be_tried' };
  const catalogue = await new Catalogue(page).open('?claim=C3', done);
  await catalogue.state.selectOption('Does not hold in this browser');
  await expect(page).toHaveURL(/\/experiments\?claim=C3&state=does_not_hold$/);
  await expect.poll(() => catalogue.slugs()).toEqual(['what-travels']);
  await catalogue.claim.selectOption('Every claim');
  for (const [state, slugs] of [
    ['Run', ['http-forgets', 'what-cookies-cost', 'what-travels']],
    ['Holds', ['what-cookies-cost']],
    ['Holds, with a catch', ['http-forgets']],
    ['Cannot be tried here', ['hijack']],
    ['Not run yet', SLUGS.filter((slug) => !(slug in done)).sort()],
  ] as const) {
    await catalogue.state.selectOption(state);
    await expect.poll(() => catalogue.slugs(), state).toEqual(slugs);
  }
});

test('a filter that nothing meets says so, and can be cleared', async ({ page }) => {
  const catalogue = await new Catalogue(page).open('?claim=C8&state=run');
  await expect(catalogue.met('No experiment meets the filter.')).toBeVisible();
  await expect(catalogue.titles).toHaveCount(0);
  await inspect(page);
  await catalogue.clear.click();
  await expect(page).toHaveURL(/\/experiments$/);
  await expect(catalogue.titles).toHaveCount(SLUGS.length);
  await expect(catalogue.clear).toBeHidden();
});

test('what a link asks for and there is not filters nothing', async ({ page }) => {
  const catalogue = await new Catalogue(page).open('?claim=C99&state=%00&other=1');
  await expect(catalogue.titles).toHaveCount(SLUGS.length);
});
