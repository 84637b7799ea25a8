// Progress follows a user who is logged in; who is not has it in this browser alone.
import { Experiment } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { Catalogue } from '../support/pages';
import { logIn } from '../support/people';

test('what is done in one browser is ticked in another, and forgotten in both', async ({ elsewhere, page, user }) => {
  await logIn(page.request, user);
  const experiment = await new Experiment(page).open('http-forgets');
  await experiment.choices.first().check();
  const saved = page.waitForResponse('**/api/progress/save');
  await experiment.run('Holds.');
  expect((await saved).status()).toBe(200);

  const other = await elsewhere(user);
  const catalogue = await new Catalogue(other).open();
  const card = catalogue.card('HTTP forgets');
  await expect(card).toContainText(/✓ Run on .+: Holds/);
  expect(await contents(other, 'localStorage')).not.toHaveProperty('lab-progress');

  await other.getByRole('button', { name: 'Forget my progress' }).click();
  await expect(catalogue.progress).toContainText('Your progress is forgotten.');
  await expect(card).not.toContainText('Run on');
  const joined = page.waitForResponse('**/api/progress/save');
  const here = await new Catalogue(page).open();
  expect(await (await joined).json()).toEqual({});
  await expect(here.progress).toContainText('0 of');
});

test('without a log-in nothing of it reaches the server', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/progress/')) asked.push(request.url());
  });
  const experiment = await new Experiment(page).open('http-forgets');
  await experiment.choices.first().check();
  await experiment.run('Holds.');
  const { progress } = await new Catalogue(page).open();
  await expect(progress).toContainText('1 of');
  await expect(progress).toContainText('when you log in, in your account as well');
  expect(asked).toEqual([]);
});

test('what cannot be tried here is counted apart from what is run', async ({ page }) => {
  const catalogue = await new Catalogue(page).open('', { 'http-forgets': 'holds', 'what-travels': 'cannot_be_tried' });
  await expect(catalogue.progress).toContainText(/1 of \d+ run, 1 cannot be tried here\./);
  await expect(catalogue.card('Cookies travel, storage does not')).toContainText('– Cannot be tried here, as seen on 1 Jan 1970');
});

test('a server that cannot be asked leaves what is done here, and nothing is half forgotten', async ({ page, tolerate, user }) => {
  tolerate(/net::ERR_FAILED/);
  await logIn(page.request, user);
  const experiment = await new Experiment(page).open('http-forgets');
  await page.route('**/api/progress/**', (route) => route.abort());
  await experiment.choices.first().check();
  await experiment.run('Holds.');
  const { progress } = await new Catalogue(page).open();
  await expect(progress).toContainText('1 of');
  await expect(progress).toContainText('What you ran in other browsers is not shown.');
  await page.getByRole('button', { name: 'Forget my progress' }).click();
  await expect(progress).toContainText('Nothing is forgotten.');
  expect(await contents(page, 'localStorage')).toHaveProperty('lab-progress');
});
