// The 401 that says nothing: held against the log-in page’s own answers.
import type { Page } from '@playwright/test';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

const tried = (page: Page) => {
  const all: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/lab/subject/try')) all.push(/known=(\w+)/.exec(request.postData()!)![1]!);
  });
  return all;
};

test('a wrong password and an unknown name are answered alike', async ({ context, page, request, tolerate, user }) => {
  tolerate(/status of 401/);
  const kinds = tried(page);
  const experiment = await new Experiment(page).open('the-401-that-says-nothing', '?tries=5');
  await experiment.predict(/^No: the answers are the same/);
  await experiment.run();
  expect(kinds).toEqual(Array.from({ length: 10 }, (_, index) => String(index % 2 === 0)));
  await expect(experiment.lane(2, 'Wire')).toContainText('401 each time');
  const answers = await Promise.all(
    [user.username, 'nobody-has-this-name'].map(async (username) => {
      const answer = await request.post('/api/login', { form: { username, password: 'not the password' }, headers: { accept: 'application/json' } });
      return [answer.status(), await answer.text()];
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]![0]).toBe(401);
  await leavesNoTrace(context, page);
});
