// Another port: held against the request that the window of the other port sends, and a page of the test's own there.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

test('the cookies cross the port and localStorage does not', async ({ context, page }) => {
  const asked = context.waitForEvent('request', (request) => request.url().endsWith('/lab/echo/elsewhere'));
  const sent = asked.then((request) => request.allHeaders());
  // The window closes itself once it has reported; what it sent is to be read before that.
  await context.route(/\/lab\/report\?/, async (route) => {
    if (route.request().method() === 'POST') await sent;
    await route.continue();
  });
  const experiment = await new Experiment(page).open('another-port');
  await experiment.predict('The cookie alone.');
  await experiment.button('Step by step').click();
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
  await experiment.button('Next step').click();
  await experiment.concludes('Holds.');
  await expect(experiment.verdict).toContainText('You expected just that');

  const there = new URL((await asked).url());
  const here = new URL(page.url());
  expect([there.hostname, there.protocol]).toEqual([here.hostname, here.protocol]);
  expect(there.port).not.toBe(here.port);
  const { cookie } = await sent;
  for (const what of ['plain', 'hidden']) expect(cookie).toMatch(new RegExp(`lab-x\\w+-${what}=1`));
  const cells = (name: string) =>
    experiment.lane(2, 'Browser').getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) }).getByRole('cell');
  await expect(cells('cookie')).toHaveText(['sees it', 'sees it']);
  await expect(cells('cookie, HttpOnly')).toHaveText(['–', 'sees it']);
  await expect(cells('localStorage')).toHaveText(['–', '–']);
  await leavesNoTrace(context, page);

  // By another witness: what is stored at one port is not there at the other.
  await page.evaluate(() => localStorage.setItem('lab-own', '1'));
  const beside = await context.newPage();
  await beside.goto(`${there.origin}/healthz`);
  expect(await contents(beside, 'localStorage')).toEqual({});
});

test('a lab with one port says so', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('another-port');
  await page.route('**/lab/markers', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), other_port: null } });
  });
  await experiment.choices.first().check();
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('listens at one port only');
  await leavesNoTrace(context, page);
});
