// The bench without JavaScript: what the server can show, and what needs scripts.
import { Bench, STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';

test('the bench shows what reached the server and says what needs scripts', async ({ baseURL, bench, context, page }) => {
  await context.addCookies([{ name: 'lab-tea', value: 'green', url: baseURL! }]);
  await page.request.post('/api/values/put', { form: { name: 'lab-cup', value: 'large' } });
  await page.goto('/');

  // Playwright's own text leaves <noscript> out; what is on the screen does not.
  await expect(page.getByRole('main')).toContainText('Scripts are off.', { useInnerText: true });
  await expect(bench.grid).toHaveRole('table');
  for (const store of STORES) await expect(bench.header(store)).toBeVisible();
  for (const words of ['••••••••', '12 bytes', 'not told to scripts', 'server; scripts are not running']) {
    await expect(bench.cell('Cookies', 'lab-tea')).toContainText(words);
  }
  await expect(bench.cell('Cookies', '__Host-session')).toContainText('server only: HttpOnly');
  await bench.shows('Server session', 'lab-cup', 'large');
  for (const area of ['sessionStorage', 'localStorage'] as const) {
    await expect(bench.header(area)).toContainText('Only scripts can read it');
    await bench.lacks(area, 'lab-cup');
  }
});

test('what needs scripts is not offered without them', async ({ page }) => {
  const bench = new Bench(page);
  await page.goto('/');
  await expect(page.getByRole('main')).toContainText('No cookie reached the server');
  await expect(bench.deposit).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /Theme/ })).toHaveCount(0);
});
