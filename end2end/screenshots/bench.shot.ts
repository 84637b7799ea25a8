// The pictures of the README: the bench of somebody who is logged in, light and dark.
import { fileURLToPath } from 'node:url';
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { logIn, signUp, somebody } from '../support/people';

const file = (name: string) => fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the bench, ${colorScheme}`, async ({ bench, page }) => {
    const person = { ...somebody(), username: `ada-${colorScheme}` };
    await signUp(page.request, person);
    await logIn(page.request, person);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await bench.open();
    await bench.putAndWait('colour', 'cornflower blue');
    await bench.putAndWait('greeting', 'Grüße aus Zürich');
    for (const store of STORES) await expect(bench.row(store, 'lab-greeting')).toBeVisible();
    await page.screenshot({ path: file(`bench-${colorScheme}`), fullPage: true });
  });
}
