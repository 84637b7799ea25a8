// Light, dark, or as the system says.
import { expect, test } from '../support/fixtures';

test('a chosen theme is there from the first paint after a reload', async ({ bench, page }) => {
  const theme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await bench.open();
  const system = await theme();
  await bench.button('Theme: system').click();
  await bench.button('Theme: light').click();
  await expect(bench.button('Theme: dark')).toBeVisible();
  expect(await theme()).not.toBe(system);

  await page.reload({ waitUntil: 'commit' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  await expect(bench.button('Theme: dark')).toBeVisible();
  await bench.button('Theme: dark').click();
  await expect(bench.button('Theme: system')).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem('lab-theme'))).toBeNull();
});
