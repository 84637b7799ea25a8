// Guessing a password is slowed down, and the page says for how long.
import { expect, test } from '../support/fixtures';
import { openAwake } from '../support/pages';
import { fillIn, settleOn } from '../support/people';
import { CHEAP_HASHING } from '../support/server';

test('after ten wrong passwords the page says how long to wait, and then the right one works', async ({
  context,
  launch,
  page,
  tolerate,
}) => {
  tolerate(/status of 4(01|29)/);
  const server = await launch(CHEAP_HASHING);
  const person = await settleOn(page, server.url);
  await context.clearCookies();
  await openAwake(page, `${server.url}/login`);
  const submit = page.getByRole('main').getByRole('button', { name: 'Log in' });
  const tryIt = async () => {
    const answer = page.waitForResponse('**/api/login');
    await submit.click();
    return (await answer).status();
  };

  await fillIn(page, { ...person, password: 'not the right password' });
  const statuses: number[] = [];
  while (statuses.length < 10) statuses.push(await tryIt());
  expect(statuses.slice(0, 6)).toEqual([401, 401, 401, 401, 401, 401]);
  // A wait may have passed by itself on a slow machine: then it takes another guess to be told of the next.
  await expect.poll(tryIt, { intervals: [0] }).toBe(429);
  await expect(page.getByRole('alert')).toHaveText(/^Too many attempts\. Wait \d+ s and try again\.$/);

  await fillIn(page, person);
  await expect(async () => expect(await tryIt()).toBe(200)).toPass({ intervals: [1_000] });
  await expect(page.getByRole('heading', { name: 'Account', exact: true })).toBeVisible();
});
