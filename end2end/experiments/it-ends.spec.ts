// It ends: held against the statuses of the answers as the browser notes them.
import type { Page } from '@playwright/test';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

/** The tokens that the page shows to the server, each with the status of the answer. */
function shown(page: Page): [string, number][] {
  const all: [string, number][] = [];
  page.on('response', (response) => {
    if (response.url().includes('/lab/subject/whoami')) all.push([response.request().headers()['lab-token']!, response.status()]);
  });
  return all;
}

for (const [minutes, outcome, statuses] of [
  [31, 'Holds.', [200, 200, 401, 401]],
  [5, 'Holds, with a catch.', [200, 200, 401, 200]],
] as const) {
  test(`a session that is left alone for ${minutes} minutes`, async ({ context, page, tolerate }) => {
    tolerate(/status of 401/);
    const answers = shown(page);
    const experiment = await new Experiment(page).open('it-ends', `?minutes=${minutes}`);
    await experiment.predict(/^No: 31 minutes without/);
    await experiment.run(outcome);
    expect(answers.map(([, status]) => status)).toEqual(statuses);
    const [used, compared, unused, left] = answers.map(([token]) => token);
    expect([compared, left]).toEqual([used, used]);
    expect(unused).not.toBe(used);
    await expect(experiment.lane(1, 'Server')).toContainText('30 minutes');
    await leavesNoTrace(context, page);
  });
}
