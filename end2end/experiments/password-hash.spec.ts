// What becomes of a password: held against the answers of the server.
import type { Page } from '@playwright/test';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

function hashes(page: Page): Promise<string>[] {
  const all: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('/lab/hash')) all.push(response.json().then(({ phc }: { phc: string }) => phc));
  });
  return all;
}

test('the same word hashed twice gives two hashes at the cost that was chosen', async ({ context, page }) => {
  const answers = hashes(page);
  const experiment = await new Experiment(page).open('password-hash', '?password=tea&memory=256&passes=3');
  await experiment.predict(/^No: a salt is drawn/);
  await experiment.run('Holds.');
  await expect.poll(() => answers).toHaveLength(5);
  const [one, other, ...more] = await Promise.all(answers);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=256,t=3,p=1\$/);
  expect(other).not.toBe(one);
  expect(more.map((phc) => /m=(\d+)/.exec(phc)![1])).toEqual(['64', '128', '256']);
  const parts = experiment.lane(2, 'Server').getByRole('row');
  await expect(parts.filter({ hasText: 'salt' })).toContainText(one!.split('$')[4]!);
  await leavesNoTrace(context, page);
});
