// Pages other than the bench.
import { expect, type Page } from '@playwright/test';

/** Ways to spell another site where a path is expected. */
export const ELSEWHERE = ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example'];

/** Opens a page and waits until scripts have taken it over: only they can read the theme that was chosen before. */
export async function openAwake(page: Page, path: string): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('lab-theme', 'light'));
  await page.goto(path);
  await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
}
