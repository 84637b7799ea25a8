// URL parameters: held against the requests as the browser itself notes them, and against the address bar.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

test('a parameter arrives, is changed unseen, and is passed on as the Referer', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('url-parameters', '?value=blue&changed=red');
  const before = await page.evaluate(() => history.length);
  const sent: { url: URL; fields: Promise<Record<string, string>> }[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^\/lab\/echo\/(page|elsewhere)$/.test(url.pathname)) sent.push({ url, fields: request.allHeaders() });
  });
  await experiment.predict(/^Whoever sees the address/);
  await experiment.run('Holds.');
  await expect(experiment.verdict).toContainText('“asd=blue” arrived as it was, and so did “asd=red”');
  await expect(experiment.verdict).toContainText('carried it along as the Referer, until it was told not to');

  expect(sent.map(({ url }) => url.pathname + url.search)).toEqual([
    '/lab/echo/page?asd=blue&boo=no',
    '/lab/echo/page?asd=red&boo=no',
    '/lab/echo/elsewhere',
    '/lab/echo/elsewhere',
  ]);
  const [first, second, told, untold] = await Promise.all(sent.map(({ fields }) => fields));
  expect(first).not.toHaveProperty('referer');
  expect(second).toEqual(first);
  expect(told!.referer).toMatch(/\/experiments\/url-parameters\?value=blue&changed=red&asd=blue&boo=no$/);
  expect(untold).not.toHaveProperty('referer');
  expect(await experiment.texts(4, 'Server', /^The Referer/)).toEqual([told!.referer]);

  await expect(page).toHaveURL(/\/experiments\/url-parameters\?value=blue&changed=red$/);
  expect(await page.evaluate(() => history.length)).toBe(before);
  await leavesNoTrace(context, page);
});

test('while it goes on the address bar has the parameters, and a reset takes them out', async ({ page }) => {
  const experiment = await new Experiment(page).open('url-parameters');
  await experiment.predict(/^Only the page/);
  await experiment.button('Step by step').click();
  for (let step = 1; step <= 2; step++) {
    await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
    await experiment.button('Next step').click();
    await expect(experiment.lane(step + 1, 'Browser')).toBeVisible();
  }
  await expect(page).toHaveURL(/\/experiments\/url-parameters\?asd=lol&boo=no$/);
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
  await experiment.reset();
  await expect(page).toHaveURL(/\/experiments\/url-parameters$/);
});
