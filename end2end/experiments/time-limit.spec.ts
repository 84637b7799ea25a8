// Nobody waits for ever: each step of an experiment and each event of the matrix has a limit of time.
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { Matrix } from '../support/survival';

const NEVER = () => new Promise<void>(() => {});

/** An experiment that waits for an answer which never comes, on a page whose clock is wound on by hand. */
async function hanging(page: Page): Promise<Experiment> {
  await page.clock.install();
  const experiment = await new Experiment(page).open('what-travels');
  await page.route('**/lab/echo/travel', NEVER);
  await experiment.choices.first().check();
  const asked = page.waitForRequest('**/lab/echo/travel');
  await experiment.button('Run it').click();
  await asked;
  return experiment;
}

test('a step that takes too long says what it waited for, cleans up, and can be run again', async ({ context, page }) => {
  const experiment = await hanging(page);
  await page.clock.fastForward(59_000);
  await expect(experiment.trouble).toBeHidden();
  await page.clock.fastForward(2_000);
  await expect(experiment.trouble).toHaveText(
    /^The step “.+” did not come to its end in time\. It waited for the answer to GET \/lab\/echo\/travel\. Check the connection, then run it again\.$/,
  );
  await leavesNoTrace(context, page);
  await page.unroute('**/lab/echo/travel');
  await page.clock.resume();
  await experiment.run();
});

test('a run that hangs ends soon after it is reset', async ({ context, page }) => {
  const experiment = await hanging(page);
  await experiment.button('Reset').click();
  await expect(page.getByRole('main')).toContainText('Cleaning up.');
  await page.clock.fastForward(61_000);
  await expect(experiment.choices.first()).toBeEnabled();
  await leavesNoTrace(context, page);
});

test('an event of the matrix that takes too long says what was being done, and can be tried again', async ({ bench, page }) => {
  await page.clock.install();
  await bench.open();
  const matrix = await new Matrix(page).open();
  await page.route('**/api/values/put', NEVER);
  const asked = page.waitForRequest('**/api/values/put');
  await matrix.start('request with credentials');
  await asked;
  await page.clock.fastForward(46_000);
  await expect(matrix.row('request with credentials')).toContainText('did not come to its end within 45 seconds (Laying markers)');
  await page.unroute('**/api/values/put');
  await page.clock.resume();
  await matrix.start('request with credentials');
  await expect(matrix.cell('request with credentials', 'localStorage')).toBeVisible();
});
