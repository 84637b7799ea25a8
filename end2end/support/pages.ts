// Pages other than the bench.
import { expect, type Locator, type Page } from '@playwright/test';

/** Ways to spell another site where a path is expected. */
export const ELSEWHERE = ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example'];

/** Opens a page and waits until scripts have taken it over: only they can read the theme that was chosen before. */
export async function openAwake(page: Page, path: string): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('lab-theme', 'light'));
  await page.goto(path);
  await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
}

/** The banner about the session's life: a warning before it ends, a note when it has. */
export const sessionBanner = (page: Page): Locator => page.getByRole('complementary', { name: 'Your session' });

/** A part of the account page. */
export const section = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

/** Lets the page look at once whether somebody is logged in, as it does when one comes back to it. */
export async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
}
