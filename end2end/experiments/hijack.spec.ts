// The copied token: held against the tokens and answers as the browser notes them.
import { Experiment, leavesNoTrace, shownTokens } from '../support/experiment';
import { expect, test } from '../support/fixtures';

test('a copied token works until it is turned, ended or logged out', async ({ context, page, tolerate }) => {
  tolerate(/status of 401/);
  const shown = shownTokens(page);
  const experiment = await new Experiment(page).open('hijack');
  await experiment.predict(/^A new token for the owner/);
  await experiment.run('Holds.');
  const answers = await shown(5);
  expect(answers.map(([, status]) => status)).toEqual([200, 401, 401, 200, 401]);
  const [first, turned, elsewhere, own, gone] = answers.map(([token]) => token);
  expect([turned, gone]).toEqual([first, own]);
  expect(new Set([first, elsewhere, own]).size).toBe(3);
  await leavesNoTrace(context, page);
});
