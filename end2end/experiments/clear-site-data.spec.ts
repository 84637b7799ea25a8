// The server asks to forget: held against the answer's field and what the browser keeps of the other site.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { logIn } from '../support/people';

for (const [kind, gone] of [
  ['cookies', ['cookie']],
  ['storage', ['localStorage', 'sessionStorage', 'Cache Storage']],
  ['*', ['cookie', 'localStorage', 'sessionStorage', 'Cache Storage']],
] as const) {
  test(`“${kind}” takes ${gone.join(', ')} of the other site, and nothing here`, async ({ context, page, user }) => {
    await logIn(page.request, user);
    const answered = context.waitForEvent('response', (response) => response.url().endsWith('/lab/clear-site-data'));
    const field = answered.then(async (answer) => (await answer.allHeaders())['clear-site-data']);
    // The window closes when it has reported: not before the field was read.
    await context.route('**/lab/report?*', async (route) => {
      if (route.request().method() === 'POST') await field;
      await route.continue();
    });
    const experiment = await new Experiment(page).open('clear-site-data', `?kind=${encodeURIComponent(kind)}`);
    await page.evaluate(() => localStorage.setItem('lab-own', '1'));
    await experiment.choices.nth(1).check();
    await experiment.run('Holds, with a catch.');
    const answer = await answered;
    expect(new URL(answer.url()).hostname).toBe('127.0.0.1');
    expect(await field).toBe(`"${kind}"`);
    await expect(experiment.verdict).toContainText(`these were gone: ${gone.join(', ')}.`);
    // The visitor's own log-in and entries are where they were.
    await page.goto('/account');
    await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
    expect(await page.evaluate(() => localStorage.getItem('lab-own'))).toBe('1');
    await leavesNoTrace(context, page);
  });
}

test('nothing is cleared where something of the visitor’s lies, and it stays', async ({ baseURL, context, page }) => {
  const other = baseURL!.replace('localhost', '127.0.0.1');
  await context.addCookies([{ name: 'lab-mine', value: '1', url: other }]);
  const experiment = await new Experiment(page).open('clear-site-data');
  await experiment.choices.first().check();
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('On the other site lies something of yours already');
  expect((await context.cookies(other)).map(({ name }) => name)).toEqual(['lab-mine']);
});
