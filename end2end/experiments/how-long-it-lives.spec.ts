// How long it lives: held against the jar as Playwright sees it, and the areas as the debugger does.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const TELLING = /^The cookie and the entry of localStorage/;

test('each has an end of its own, and the session does not end with the window', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('how-long-it-lives', '?seconds=8');
  const jar = async () => (await context.cookies()).filter(({ name }) => name.startsWith('lab-x'));
  const named = async (area: 'localStorage' | 'sessionStorage') =>
    Object.keys(await contents(page, area)).filter((name) => name.startsWith('lab-x'));

  await experiment.predict(TELLING);
  const opening = context.waitForEvent('page');
  const before = Date.now() / 1_000;
  await experiment.button('Step by step').click();
  const opened = await opening;
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');

  // The window has laid all four: the timed cookie has an end, the other has none.
  const laid = await jar();
  expect(laid.map(({ name }) => name.replace(/^lab-x\w+-/, '')).sort()).toEqual(['cookie', 'timed']);
  const expires = laid.find(({ name }) => name.endsWith('-timed'))!.expires;
  expect(expires).toBeGreaterThanOrEqual(before + 8 - 1);
  expect(expires).toBeLessThanOrEqual(Date.now() / 1_000 + 8);
  expect(laid.find(({ name }) => name.endsWith('-cookie'))!.expires).toBe(-1);
  expect(await named('localStorage')).toHaveLength(1);
  expect(await named('sessionStorage')).toEqual([]);
  expect(await opened.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith('lab-x')))).toHaveLength(1);

  const closed = opened.isClosed() ? Promise.resolve() : opened.waitForEvent('close');
  await experiment.button('Next step').click();
  await closed;
  await expect(experiment.lane(2, 'Server')).toContainText('The session cookie came along.');
  expect((await jar()).map(({ name }) => name)).toContainEqual(expect.stringMatching(/-cookie$/));
  expect(await named('localStorage')).toHaveLength(1);
  expect(await named('sessionStorage')).toEqual([]);

  for (const step of [3, 4]) {
    await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
    await experiment.button('Next step').click();
    await expect(experiment.lane(step, 'Browser')).toBeVisible();
  }
  await experiment.concludes('Holds, with a catch.');
  expect(Date.now() / 1_000).toBeGreaterThanOrEqual(before + 8);
  await expect(experiment.verdict).toContainText('The cookie with Max-Age=8 was found gone after');
  await expect(experiment.verdict).toContainText('a closed window is not yet the end of a session');
  await expect(experiment.verdict).toContainText('You expected just that');
  await leavesNoTrace(context, page);
  expect(context.pages()).toEqual([page]);
});

test('it finds the same twice, and the cookie goes when its seconds are over', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('how-long-it-lives', '?seconds=1');
  const fields: Promise<Record<string, string>>[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/lab/echo/later')) fields.push(request.allHeaders());
  });
  for (let times = 1; times <= 2; times++) {
    await experiment.predict(/^The entry of localStorage alone/);
    await experiment.run('Holds, with a catch.');
    await expect(experiment.verdict).toContainText('You expected: The entry of localStorage alone');
    await leavesNoTrace(context, page);
    await experiment.reset();
  }
  for (const { cookie } of await Promise.all(fields)) {
    expect(cookie).toMatch(/lab-x\w+-cookie=1/);
    expect(cookie).not.toMatch(/lab-x\w+-timed/);
  }
  expect(fields).toHaveLength(2);
});

test('a browser that opens no window leaves a message that says what to do', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('how-long-it-lives');
  await page.evaluate(() => { window.open = () => null; });
  await experiment.choices.first().check();
  await experiment.button('Run it').click();
  await experiment.button('Open the window').click();
  await experiment.concludes('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('Allow this site to open windows (pop-ups), then run it again.');
  await leavesNoTrace(context, page);
});
