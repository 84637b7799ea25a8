// It ends: held against the statuses of the answers as the browser notes them.
import { Experiment, leavesNoTrace, shownTokens } from '../support/experiment';
import { expect, test } from '../support/fixtures';

for (const [minutes, outcome, statuses] of [
  [31, 'Holds.', [200, 200, 401, 401]],
  [5, 'Holds, with a catch.', [200, 200, 401, 200]],
] as const) {
  test(`a session that is left alone for ${minutes} minutes`, async ({ context, page, tolerate }) => {
    tolerate(/status of 401/);
    const shown = shownTokens(page);
    const experiment = await new Experiment(page).open('it-ends', `?minutes=${minutes}`);
    await experiment.predict(/^No: 31 minutes without/);
    await experiment.run(outcome);
    const answers = await shown(4);
    expect(answers.map(([, status]) => status)).toEqual(statuses);
    const [used, compared, unused, left] = answers.map(([token]) => token);
    expect([compared, left]).toEqual([used, used]);
    expect(unused).not.toBe(used);
    await expect(experiment.lane(1, 'Server')).toContainText('30 minutes');
    await leavesNoTrace(context, page);
  });
}
