// The atlas is whole without JavaScript, except for the visitor's own column.
import { named, SHIPPED } from '../support/atlas';
import { expect, test } from '../support/fixtures';
import { SLUGS } from '../support/experiment';

test('every column is there, and every cell opens to its evidence', async ({ page }) => {
  expect((await page.goto('/atlas'))!.status()).toBe(200);
  const heads = page.getByRole('table').first().getByRole('columnheader');
  await expect(heads).toHaveCount(SHIPPED.length + 1);
  for (const [index, column] of SHIPPED.entries()) {
    await expect(heads.nth(index + 1)).toContainText(named(column));
    await expect(heads.nth(index + 1)).toContainText(`lab ${column.lab}`);
  }
  for (const slug of SLUGS) await expect(page.locator(`tr#${slug}`)).toBeVisible();
  const row = page.locator('tr#http-forgets');
  for (const [index, column] of SHIPPED.entries()) {
    const cell = row.getByRole('cell').nth(index);
    await expect(cell.getByText(column.experiments['http-forgets']!.words)).toBeHidden();
    await cell.locator('summary').click();
    await expect(cell).toContainText(column.experiments['http-forgets']!.words, { useInnerText: true });
    await expect(cell).toContainText(`${column.browser} ${column.version} (${column.engine}) on ${column.system}`);
  }
});

test('what only scripts can do is not offered', async ({ page }) => {
  await page.goto('/atlas');
  const main = page.getByRole('main');
  await expect(main).toContainText('Scripts are off.', { useInnerText: true });
  await expect(main.getByRole('button')).toHaveCount(0);
  await expect(main.getByRole('checkbox')).toHaveCount(0);
  await expect(main.getByRole('columnheader', { name: 'Your browser' })).toHaveCount(0);
});

test('an experiment leads to its row', async ({ page }) => {
  await page.goto('/experiments/it-ends');
  await page.getByRole('link', { name: 'In other browsers' }).click();
  await expect(page).toHaveURL(/\/atlas#it-ends$/);
  await expect(page.locator('tr#it-ends')).toBeInViewport();
});
