// The picture of the atlas in the README: what differs between the browsers that were measured.
import { fileURLToPath } from 'node:url';
import { expect, test } from '../support/fixtures';

test('the atlas', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/atlas');
  await page.getByRole('checkbox', { name: 'Only what differs' }).check();
  await expect(page.getByRole('heading', { name: 'What the browser keeps' })).toBeVisible();
  const path = fileURLToPath(new URL('../../docs/images/atlas-light.png', import.meta.url));
  await page.screenshot({ path });
});
