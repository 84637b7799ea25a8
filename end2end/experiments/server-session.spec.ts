// Only the id outside: held against the requests and answers as the browser notes them.
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

test('the token alone travels, and the server knows the user from its own row', async ({ context, page }) => {
  const tokens = shown(page);
  const login = page.waitForResponse(/\/lab\/subject\/log-in/);
  const experiment = await new Experiment(page).open('server-session', '?pages=3');
  await experiment.predict(/^A token that says nothing/);
  await experiment.run('Holds.');
  const { token } = (await (await login).json()) as { token: string };
  expect(tokens).toEqual([[token, 200], [token, 200], [token, 200]]);
  await expect(experiment.lane(1, 'Wire')).toContainText(`__Host-session=${token}; HttpOnly`);
  const [row] = await experiment.texts(2, 'Server', 'The session\'s row');
  expect(row).toContain(token.split('.')[0]!);
  expect(row).not.toContain(token.split('.')[1]!);
  await expect(experiment.verdict).toContainText('3 of 3 requests');
  await leavesNoTrace(context, page);
});
