// The pictures of the README: an experiment that was run, and a step of the log-in flow.
import { fileURLToPath } from 'node:url';
import { Experiment } from '../support/experiment';
import { expect, test } from '../support/fixtures';

const file = (name: string) => fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));

test('an experiment', async ({ page, tolerate }) => {
  tolerate(/status of 403|ERR_BLOCKED_BY_RESPONSE/);
  await page.setViewportSize({ width: 1440, height: 900 });
  const experiment = await new Experiment(page).open('cross-site-request-forgery');
  await experiment.predict(/^Not those that say Strict or Lax/);
  await experiment.run();
  await page.getByRole('article').screenshot({ path: file('experiment-light') });
});

test('a step of the log-in flow', async ({ page, tolerate }) => {
  tolerate(/status of 401/);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/login-flow');
  const flow = new Experiment(page);
  await expect(flow.parameter('Username (may stay empty)')).toBeEnabled();
  await flow.run();
  // What was seen stands out to the left of its step.
  const step = await page.getByRole('list', { name: 'Steps' }).locator('> li').nth(4).boundingBox();
  const { x, y, width, height } = step!;
  const clip = { x: x - 40, y: y + (await page.evaluate(() => scrollY)) - 12, width: width + 56, height: height + 24 };
  await page.screenshot({ path: file('login-flow-light'), fullPage: true, clip });
});
