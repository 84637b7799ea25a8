// The picture of the dock in the README: the bench in a page of Django's admin, by which somebody is logged in.
import { fileURLToPath } from 'node:url';
import { django, logInToAdmin } from '../support/app/django';
import { expect, needsPython, test } from '../support/app/fixtures';
import { Bench } from '../support/bench';

needsPython();

test('the dock', async ({ page, served }, testInfo) => {
  const { through } = await served(await django(testInfo.outputPath()), '/admin/login/');
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(`${through}/admin/`);
  await logInToAdmin(page);
  await expect(page).toHaveURL(`${through}/admin/`);
  await page.evaluate(() => sessionStorage.setItem('draft', 'of this tab'));
  await page.getByRole('button', { name: 'Storage Lab', exact: true }).click();
  const frame = await (await page.getByTitle('The bench of this page').elementHandle())!.contentFrame();
  const bench = new Bench(frame!);
  await expect(bench.row('draft')).toBeVisible({ timeout: 15_000 });
  await expect(bench.row('sessionid')).toBeVisible();
  await page.screenshot({ path: fileURLToPath(new URL('../../docs/images/dock-light.png', import.meta.url)) });
});
