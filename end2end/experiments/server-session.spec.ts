// Only the id outside: held against the requests and answers as the browser notes them.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

test('the token alone travels, and the server knows the user from its own row', async ({ context, page }) => {
  const cookies: Promise<string>[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/lab/subject/whoami')) cookies.push(request.allHeaders().then((fields) => fields.cookie!));
  });
  const login = page.waitForResponse(/\/lab\/subject\/log-in/);
  const experiment = await new Experiment(page).open('server-session', '?pages=3&colour=teal');
  await experiment.predict(/^A token that says nothing/);
  await experiment.run('Holds.');
  const { token } = (await (await login).json()) as { token: string };
  const sent = await Promise.all(cookies);
  expect(sent).toHaveLength(3);
  for (const cookie of sent) expect(cookie).toContain(`-token=${token}`);
  await expect(experiment.lane(1, 'Wire')).toContainText(`__Host-session=${token}; HttpOnly`);
  const [row] = await experiment.texts(2, 'Server', 'The session\'s row');
  expect(row).toContain(token.split('.')[0]!);
  expect(row).not.toContain(token.split('.')[1]!);
  await expect(experiment.verdict).toContainText('3 of 3 requests');
  // The variable was sent once and kept at the server: no cookie holds it, and every page has it.
  for (const cookie of sent) expect(cookie).not.toContain('teal');
  expect(await experiment.texts(3, 'Server', 'The answer')).toEqual(Array(3).fill(expect.stringMatching(/^200: you are lab-.+\.\ncolour = teal$/)));
  await leavesNoTrace(context, page);
});
