// Progress follows a user who is logged in; who is not has it in this browser alone.
import { Experiment } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { logIn } from '../support/people';

test('what is done in one browser is ticked in another, and forgotten in both', async ({ elsewhere, page, user }) => {
  await logIn(page.request, user);
  const experiment = await new Experiment(page).open('http-forgets');
  await experiment.choices.first().check();
  const saved = page.waitForResponse('**/api/progress/save');
  await experiment.run('Holds.');
  expect((await saved).status()).toBe(200);

  const other = await elsewhere(user);
  await other.goto('/experiments');
  const tick = other.getByRole('listitem').filter({ has: other.getByRole('heading', { name: 'HTTP forgets' }) });
  await expect(tick).toContainText(/✓ Done on .+: Holds/);
  expect(await contents(other, 'localStorage')).not.toHaveProperty('lab-progress');

  await other.getByRole('button', { name: 'Forget my progress' }).click();
  await expect(other.getByRole('region', { name: 'Your progress' })).toContainText('Your progress is forgotten.');
  await expect(tick).not.toContainText('Done on');
  const joined = page.waitForResponse('**/api/progress/save');
  await page.goto('/experiments');
  expect(await (await joined).json()).toEqual({});
  await expect(page.getByRole('region', { name: 'Your progress' })).toContainText('0 of');
});

test('without a log-in nothing of it reaches the server', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/progress/')) asked.push(request.url());
  });
  const experiment = await new Experiment(page).open('http-forgets');
  await experiment.choices.first().check();
  await experiment.run('Holds.');
  await page.goto('/experiments');
  await expect(page.getByRole('region', { name: 'Your progress' })).toContainText('1 of');
  await expect(page.getByRole('region', { name: 'Your progress' })).toContainText('when you log in, in your account as well');
  expect(asked).toEqual([]);
});

test('what cannot be tried here is counted apart from what is done', async ({ page }) => {
  await page.addInitScript(() => {
    const kept = { 'http-forgets': { verdict: 'holds', at: 1 }, 'what-travels': { verdict: 'cannot_be_tried', at: 1 } };
    localStorage.setItem('lab-progress', JSON.stringify(kept));
  });
  await page.goto('/experiments');
  await expect(page.getByRole('region', { name: 'Your progress' })).toContainText(/1 of \d+ done, 1 cannot be tried here\./);
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Cookies travel, storage does not' }) });
  await expect(card).toContainText('– Cannot be tried here, as seen on 1 Jan 1970');
});

test('a server that cannot be asked leaves what is done here, and nothing is half forgotten', async ({ page, tolerate, user }) => {
  tolerate(/net::ERR_FAILED/);
  await logIn(page.request, user);
  const experiment = await new Experiment(page).open('http-forgets');
  await page.route('**/api/progress/**', (route) => route.abort());
  await experiment.choices.first().check();
  await experiment.run('Holds.');
  await page.goto('/experiments');
  const progress = page.getByRole('region', { name: 'Your progress' });
  await expect(progress).toContainText('1 of');
  await expect(progress).toContainText('What you did elsewhere is not shown.');
  await page.getByRole('button', { name: 'Forget my progress' }).click();
  await expect(progress).toContainText('Nothing is forgotten.');
  expect(await contents(page, 'localStorage')).toHaveProperty('lab-progress');
});
