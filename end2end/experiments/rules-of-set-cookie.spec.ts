// The rules of Set-Cookie: held against what the developer tools say of each refused cookie, and why.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

/** Why the browser refuses the lines of the server that break a rule, in their order. */
const REASONS = [
  'SameSiteNoneInsecure',
  // Partitioned without Secure: the developer tools do not speak of it. That it is not kept, the jar shows.
  null,
  'InvalidDomain',
  'InvalidPrefix',
  'InvalidPrefix',
  'InvalidPrefix',
  'InvalidPrefix',
  'NameValuePairExceedsMaxSize',
];

test('nine rules hold, each for the reason that the browser itself gives', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('rules-of-set-cookie');
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  const answers: { name: string; reasons: string }[] = [];
  devtools.on('Network.responseReceivedExtraInfo', ({ headers, blockedCookies }) => {
    const line = Object.entries(headers).find(([name]) => name.toLowerCase() === 'set-cookie')?.[1] ?? '';
    const name = line.split('=')[0]!;
    if (!/lab-x\w+-(sound|broken)\d/.test(name) || /Max-Age=0/.test(line)) return;
    const reasons = blockedCookies.flatMap(({ blockedReasons }) => blockedReasons).join(' ');
    answers.push({ name, reasons });
  });

  await experiment.predict(/^It drops the cookie, and neither/);
  await experiment.button('Step by step').click();
  for (let step = 2; step <= 3; step++) {
    await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
    if (step === 3) {
      // Everything that is kept lies in the jar now.
      const jar = (await context.cookies()).map(({ name }) => name).filter((name) => name.includes('lab-x'));
      expect(jar.filter((name) => /-sound\d$/.test(name))).toHaveLength(9);
      expect(jar.filter((name) => /-broken\d$/.test(name))).toEqual([]);
    }
    await experiment.button('Next step').click();
    await expect(experiment.lane(step, 'Browser')).toBeVisible();
  }
  await experiment.concludes('Holds.');
  await expect(experiment.verdict).toContainText('In 9 of 9 pairs');
  await expect(experiment.verdict).toContainText('You expected just that');
  await expect(experiment.lane(3, 'Browser').getByRole('row').filter({ hasText: 'holds here' })).toHaveCount(9);

  const of = (way: string) => answers.filter(({ name }) => name.includes(`-${way}`));
  expect(of('sound').map(({ reasons }) => reasons)).toEqual(Array(8).fill(''));
  expect(of('broken').map(({ reasons }) => reasons || null)).toEqual(REASONS);
  await leavesNoTrace(context, page);
});

test('it can be run twice, with a cookie of another size', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('rules-of-set-cookie', '?over=2000');
  for (let time = 1; time <= 2; time++) {
    await experiment.predict(/^It keeps the cookie/);
    await experiment.run('Holds.');
    await expect(experiment.lane(2, 'Server')).toContainText('(6,096 bytes)');
    await leavesNoTrace(context, page);
    await experiment.reset();
  }
});

test('where a browser keeps no cookies it cannot be tried', async ({ page }) => {
  // As a browser with cookies blocked for the site does: the lines are dropped.
  await page.addInitScript(() => Object.defineProperty(document, 'cookie', { get: () => '', set: () => undefined }));
  await page.route('**/lab/cookie', (route) => route.fulfill({ status: 204 }));
  const experiment = await new Experiment(page).open('rules-of-set-cookie');
  await experiment.predict(/^It drops the cookie and reports/);
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('keeps or sends no cookies for this site');
});
