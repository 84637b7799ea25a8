// Experiments in a browser that keeps nothing: each comes to its end, and none blames the claim for the browser.
import { denyStorage, leaveNoRoom } from '../support/broken';
import { Experiment, SLUGS } from '../support/experiment';
import { expect, test } from '../support/fixtures';

/** What browsers note of answers that an experiment asks for. */
const REFUSED = /status of 401/;

/** Those about what the server keeps, which rely on nothing in the browser. */
const NEED_NOTHING = [
  'hijack', 'it-ends', 'password-hash', 'session-fixation', 'stolen-database', 'the-401-that-says-nothing', 'url-parameters',
];

/** It compares how long two answers take; on a busy machine they may differ, which is its catch. */
const COMPARES_TIMES = 'the-401-that-says-nothing';

const BROWSERS = [
  // Its cookie is HttpOnly, so no script is denied it.
  { what: 'denied all storage', breaks: denyStorage, works: [...NEED_NOTHING, 'server-session'] },
  { what: 'left no room', breaks: leaveNoRoom, works: NEED_NOTHING },
];

for (const { what, breaks, works } of BROWSERS) {
  for (const slug of SLUGS) {
    const outcome = works.includes(slug) ? 'comes to its verdict' : 'says that it cannot be tried';
    test(`${slug} ${outcome} where scripts are ${what}`, async ({ context, page, tolerate }) => {
      tolerate(REFUSED);
      await breaks(context);
      const experiment = await new Experiment(page).open(slug);
      await experiment.choices.first().check();
      await experiment.button('Run it').click();
      const said = experiment.verdict.locator('strong');
      if (works.includes(slug)) {
        await expect(said).toHaveText(slug === COMPARES_TIMES ? /^Holds(, with a catch)?\.$/ : 'Holds.', { timeout: 30_000 });
      } else {
        await expect(said).toHaveText('Cannot be tried here.', { timeout: 30_000 });
        await expect(experiment.verdict).toContainText(/Allow (cookies|the site|this site|it) |Check its settings for this site\./);
      }
      await expect(experiment.trouble).toBeHidden();
      await experiment.reset();
    });
  }
}

test('without a network an experiment says so, and runs when it is back', async ({ context, page, tolerate }) => {
  tolerate(/net::ERR_INTERNET_DISCONNECTED/);
  const experiment = await new Experiment(page).open('what-travels');
  await experiment.choices.first().check();
  // The program is there before the connection goes.
  await expect(experiment.button('Run it')).toHaveAttribute('aria-disabled', 'false');
  await context.setOffline(true);
  await experiment.button('Run it').click();
  await expect(experiment.trouble).toHaveText('The server did not answer. Check the connection and try again.');
  await context.setOffline(false);
  await experiment.run();
});

test('a browser that never says whether a lock is taken keeps no experiment waiting', async ({ context, page }) => {
  await context.addInitScript(() => {
    Object.defineProperty(LockManager.prototype, 'request', { value: () => new Promise(() => {}) });
  });
  const experiment = await new Experiment(page).open('everything-becomes-a-string');
  await experiment.choices.first().check();
  await experiment.run('Holds.');
});
