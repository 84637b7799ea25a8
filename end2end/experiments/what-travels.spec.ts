// What travels: held against the requests as the browser itself notes them, and the stores as Playwright sees them.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

test('of three places with the same value only the cookie travels, with every request', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('what-travels', '?bytes=300');
  const sent: Promise<Record<string, string>>[] = [];
  page.on('request', (request) => {
    if (/\/lab\/echo\/(travel|another)/.test(request.url())) sent.push(request.allHeaders());
  });
  const value = '0123456789'.repeat(30);

  await experiment.predict(/^The cookie alone/);
  await experiment.button('Step by step').click();
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
  const [cookie, ...none] = (await context.cookies()).filter(({ name }) => name.startsWith('lab-x'));
  expect(none).toEqual([]);
  expect(cookie!.value).toBe(value);
  const stored = async (area: 'localStorage' | 'sessionStorage') =>
    Object.entries(await contents(page, area)).filter(([name]) => name.startsWith('lab-x'));
  const places = [...(await stored('sessionStorage')), ...(await stored('localStorage'))];
  expect(places.map(([, kept]) => kept)).toEqual([value, value]);

  for (let step = 2; step <= 4; step++) {
    await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
    await experiment.button('Next step').click();
    await expect(experiment.lane(step, 'Wire')).toBeVisible();
  }
  await experiment.concludes('Holds.');
  const bytes = cookie!.name.length + value.length;
  await expect(experiment.verdict).toContainText(`3 of 3 carried the cookie: ${(3 * bytes).toLocaleString('en')} bytes in all.`);
  await expect(experiment.verdict).toContainText('Of sessionStorage and localStorage not one byte arrived');

  const requests = await Promise.all(sent);
  expect(requests).toHaveLength(4);
  for (const [index, fields] of requests.entries()) {
    expect(fields.cookie).toContain(`${cookie!.name}=${value}`);
    for (const [name] of places) expect(JSON.stringify(fields)).not.toContain(name);
    expect(fields['lab-value']).toBe(index === 3 ? value : undefined);
  }
  await leavesNoTrace(context, page);
});

test('where a browser keeps no cookies it cannot be tried', async ({ page }) => {
  // As a browser with cookies blocked for the site does: what is written is not kept.
  await page.addInitScript(() => Object.defineProperty(document, 'cookie', { get: () => '', set: () => undefined }));
  const experiment = await new Experiment(page).open('what-travels');
  await experiment.predict(/^Nothing, unless/);
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('keeps or sends no cookies for this site');
});
