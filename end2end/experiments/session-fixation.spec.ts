// A planted session: held against the tokens and answers as the browser notes them.
import { Experiment, leavesNoTrace, shownTokens } from '../support/experiment';
import { expect, test } from '../support/fixtures';

test('the planted token opens nothing after the log-in, the new one does', async ({ context, page, tolerate }) => {
  tolerate(/status of 401/);
  const shown = shownTokens(page);
  const experiment = await new Experiment(page).open('session-fixation');
  await experiment.predict(/^Nothing: the log-in turned/);
  await experiment.run('Holds.');
  const [before, after, own] = await shown(3);
  expect([before![1], after![1], own![1]]).toEqual([200, 401, 200]);
  expect(after![0]).toBe(before![0]);
  expect(own![0]).not.toBe(before![0]);
  await expect(experiment.verdict).toContainText('You expected just that');
  await leavesNoTrace(context, page);
});
