// A script that does not belong there: held against what the frame really posts, and what the browser really keeps.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

test('an injected script reads localStorage and not an HttpOnly cookie, and a policy stops it', async ({ context, page, tolerate }) => {
  tolerate(/Content Security Policy/);
  const posted: string[] = [];
  await page.exposeFunction('note', (text: string) => posted.push(text));
  await page.addInitScript(() => {
    window.addEventListener('message', ({ data }) => (window as unknown as { note(text: unknown): void }).note(data));
  });
  const experiment = await new Experiment(page).open('script-injection');
  await experiment.predict(/^The one in localStorage/);
  await experiment.button('Step by step').click();
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
  const kept = (await context.cookies()).filter(({ name }) => name.startsWith('lab-x'));
  expect(kept.map(({ httpOnly, value }) => [value, httpOnly]).sort()).toEqual([
    ['token-behind-http-only', true],
    ['token-in-plain-cookie', false],
  ]);
  for (let step = 2; step <= 3; step++) {
    await experiment.button('Next step').click();
    await expect(experiment.button('Next step').and(page.locator('[aria-disabled=false]')).or(experiment.verdict.locator('strong'))).toBeVisible();
  }
  await experiment.concludes('Holds.');
  expect(posted).toHaveLength(1);
  expect(posted[0]).toContain('token-in-local-storage');
  expect(posted[0]).toContain('token-in-plain-cookie');
  expect(posted[0]).not.toContain('token-behind-http-only');
  await leavesNoTrace(context, page);
});
