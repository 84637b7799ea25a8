// What holds for every experiment: it can be run twice and in two tabs, leaves no trace, and is for everybody.
import type { Page } from '@playwright/test';
import { inspect, OTHER_VIEWS, SOME_VIEWS } from '../support/accessibility';
import { Experiment, leavesNoTrace, SLUGS } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { press, tabTo } from '../support/keyboard';
import { contents } from '../support/oracle';

/** Some experiments are about being refused, which the browser notes. */
const REFUSED = /status of 4(01|03|31)|Content Security Policy|ERR_BLOCKED_BY_RESPONSE/;

/** One comes to its verdict only after the browser was quit: its own spec does all this. */
const AT_ONCE = SLUGS.filter((slug) => slug !== 'close-the-browser');

for (const slug of AT_ONCE) {
  test(`${slug} can be left in the middle and run in two tabs at once, leaves no trace, opens what it says, and is accessible`, async ({ context, page, tolerate }) => {
    tolerate(REFUSED);
    const opened: Page[] = [];
    context.on('page', (page) => opened.push(page));
    const experiment = await new Experiment(page).open(slug);
    await expect(experiment.beforehand).toHaveText(/^A run takes .+\.$/);
    await inspect(page, SOME_VIEWS);
    await experiment.choices.first().check();
    await experiment.button('Step by step').click();
    await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false', { timeout: 30_000 });
    await inspect(page, OTHER_VIEWS);
    await experiment.reset();
    await leavesNoTrace(context, page);

    const beside = await context.newPage();
    const both = [experiment, await new Experiment(beside).open(slug)];
    for (const each of both) await each.choices.last().check();
    for (const each of both) await each.button('Run it').click();
    for (const each of both) {
      await each.page.bringToFront(); // some look at frames, of which others get few
      await each.concludes();
    }
    await page.bringToFront();
    await inspect(page, SOME_VIEWS);
    await leavesNoTrace(context, page);
    expect(JSON.parse((await contents(page, 'localStorage'))['lab-progress']!)).toHaveProperty([slug, 'verdict']);
    const saysSo = /It opens/.test((await experiment.beforehand.textContent())!);
    expect(opened.some((page) => page !== beside), 'whether a run opened something').toBe(saysSo);
  });
}

test('what has come to its verdict can be run again, with and without a reset', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('what-travels');
  await experiment.choices.first().check();
  for (let times = 1; times <= 2; times++) {
    const asked = page.waitForRequest('**/lab/echo/travel');
    await experiment.run('Holds.');
    await asked;
    await leavesNoTrace(context, page);
  }
  await experiment.reset();
  await expect(experiment.verdict).toBeEmpty();
  await experiment.choices.first().check();
  await experiment.run('Holds.');
  await leavesNoTrace(context, page);
});

test('an experiment is found, predicted and done step by step with the keyboard alone', async ({ page }) => {
  await page.goto('/');
  await press(page, page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Experiments' }));
  await press(page, page.getByRole('link', { name: 'HTTP forgets' }).first());
  const experiment = new Experiment(page);
  await expect(experiment.choices.first()).toBeEnabled();
  await tabTo(page, experiment.choices.first());
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(experiment.choices.nth(1)).toBeChecked();
  await press(page, experiment.button('Step by step'));
  for (const lane of ['Wire', 'Server'] as const) await expect(experiment.lane(1, lane)).toBeVisible();
  for (let step = 1; step <= 2; step++) {
    await expect(experiment.button('Next step')).toBeFocused();
    await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
    await page.keyboard.press('Enter');
  }
  await experiment.concludes('Holds.');
  await expect(page.getByRole('heading', { name: 'Verdict' })).toBeFocused();
});

test('nothing is run before something is expected, and the page says why', async ({ page }) => {
  const visits: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/lab/echo/visit')) visits.push(request.url());
  });
  const experiment = await new Experiment(page).open('http-forgets');
  await expect(experiment.button('Run it')).toHaveAttribute('aria-disabled', 'true');
  await expect(experiment.button('Run it')).toHaveAccessibleDescription('Choose what you expect first: then it can be run.');
  await experiment.button('Run it').click({ force: true });
  // Had that begun a run, the first of these two would come after it, and the server would have been asked once more often.
  await experiment.choices.first().check();
  // Two that carry nothing and two with a cookie; the browser may note them after the page has shown them.
  await experiment.run('Holds.');
  await expect.poll(() => visits).toHaveLength(4);
  await experiment.run('Holds.');
  await expect.poll(() => visits).toHaveLength(8);
});

test('a changed parameter is in the link, and one that may not be falls back with a word about it', async ({ page }) => {
  const experiment = await new Experiment(page).open('http-forgets', '?requests=99');
  await expect(experiment.parameter('Requests each time')).toHaveValue('2');
  await expect(experiment.parameter('Requests each time')).toHaveAccessibleDescription(/cannot be used: it takes a whole number from 2 to 8/);
  await experiment.parameter('What is carried along').fill('bob');
  await experiment.parameter('What is carried along').press('Enter');
  await experiment.parameter('Requests each time').fill('4');
  await experiment.parameter('Requests each time').press('Enter');
  await expect(page).toHaveURL(/\/experiments\/http-forgets\?requests=4&visitor=bob$/);
  await page.reload();
  await expect(experiment.parameter('What is carried along')).toHaveValue('bob');
  await expect(experiment.parameter('Requests each time')).toHaveValue('4');
});

test('a server that does not answer leaves a message that says what to do, and a clean state', async ({ context, page, tolerate }) => {
  tolerate(/net::ERR_FAILED/);
  const experiment = await new Experiment(page).open('http-forgets');
  await page.route('**/lab/echo/visit', (route) => route.abort());
  await experiment.choices.first().check();
  await experiment.button('Run it').click();
  await expect(experiment.trouble).toHaveText('The server did not answer. Check the connection and try again.');
  await inspect(page);
  await leavesNoTrace(context, page);
  await page.unroute('**/lab/echo/visit');
  await experiment.run();
});

test('what a run left behind that broke off is swept away by the next, unless it may still be going on', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('http-forgets');
  const named = (secondsAgo: number) =>
    `lab-x${Math.floor(Date.now() / 1_000 - secondsAgo).toString(16).padStart(8, '0')}00ab-left`;
  const [old, recent] = [named(700), named(300)];
  await page.evaluate(([old, recent]) => {
    for (const name of [old!, recent!]) {
      localStorage.setItem(name, '1');
      sessionStorage.setItem(name, '1');
    }
  }, [old, recent]);
  for (const name of [old, recent]) {
    await context.addCookies([{ name, value: '1', domain: new URL(page.url()).hostname, path: '/lab', httpOnly: true }]);
  }
  await experiment.choices.first().check();
  await experiment.run();
  const cookies = (await context.cookies(new URL('/lab', page.url()).href)).map(({ name }) => name);
  expect(cookies).toEqual([recent]);
  for (const area of ['localStorage', 'sessionStorage'] as const) {
    const names = Object.keys(await contents(page, area)).filter((name) => name.includes('lab-x'));
    expect(names).toEqual([recent]);
  }
});

test('an experiment that there is not is an address that there is not', async ({ page, tolerate }) => {
  tolerate(/status of 404/);
  expect((await page.goto('/experiments/nothing-like-it'))!.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
});

test('on a server whose lab is switched off an experiment says so', async ({ launch, page, tolerate }) => {
  tolerate(/status of 404/);
  const server = await launch(['--lab', 'off']);
  await page.goto(`${server.url}/experiments/server-session`);
  const experiment = new Experiment(page);
  await experiment.choices.first().check();
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('its operator has switched the lab off');
});
