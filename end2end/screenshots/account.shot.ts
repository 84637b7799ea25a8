// The picture of the account page in the README: somebody with two more browsers and a wrong password behind them.
import { fileURLToPath } from 'node:url';
import { expect, test } from '../support/fixtures';
import { openAwake, section } from '../support/pages';
import { logIn, signUp, somebody, tryToLogIn } from '../support/people';

test('the account page, light', async ({ elsewhere, page, request }) => {
  const person = { ...somebody(), username: 'ada-at-work' };
  await signUp(request, person);
  await elsewhere(person);
  expect(await tryToLogIn(request, { ...person, password: 'not the right password' })).toBe(401);
  await logIn(page.request, person);
  await page.setViewportSize({ width: 820, height: 900 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await openAwake(page, '/account');
  await expect(section(page, 'What happened').getByText('Was it you?')).toBeVisible();
  await page.screenshot({
    path: fileURLToPath(new URL('../../docs/images/account-light.png', import.meta.url)),
    fullPage: true,
  });
});
