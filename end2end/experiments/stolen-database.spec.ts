// The stolen database: held against what the page sends and the answers to it.
import { Experiment, leavesNoTrace, shownTokens } from '../support/experiment';
import { expect, test } from '../support/fixtures';

test('neither the session’s row nor the password’s hash lets anybody in', async ({ context, page, tolerate }) => {
  tolerate(/status of 401/);
  const shown = shownTokens(page);
  const logIns: number[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/lab/subject/log-in')) logIns.push(response.status());
  });
  const rows = page.waitForResponse(/\/lab\/subject\/rows/);
  const experiment = await new Experiment(page).open('stolen-database');
  await experiment.predict(/^No: the row holds a hash/);
  await experiment.run('Holds.');
  const { sessions } = (await (await rows).json()) as { sessions: { id: string; secret_hash: string }[] };
  const { id, secret_hash } = sessions[0]!;
  const answers = await shown(4);
  expect(answers.map(([, status]) => status)).toEqual([200, 401, 401, 401]);
  expect(answers.slice(1).map(([token]) => token)).toEqual([id, secret_hash, `${id}.${Buffer.from(secret_hash, 'hex').toString('base64url')}`]);
  await expect.poll(() => logIns).toEqual([200, 401]);
  await leavesNoTrace(context, page);
});
