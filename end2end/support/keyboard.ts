// Going about a page with the keyboard alone.
import { expect, type Locator, type Page } from '@playwright/test';

/** Presses Tab until the focus is there; on the way everything that has the focus shows it. */
export async function tabTo(page: Page, goal: Locator): Promise<void> {
  await expect(goal).toBeVisible();
  for (let steps = 0; steps < 80; steps++) {
    await page.keyboard.press('Tab');
    const ring = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
    if (await goal.evaluate((element) => element === document.activeElement)) {
      expect(ring).not.toBe('none');
      return;
    }
  }
  throw new Error(`Tab does not come to ${goal}.`);
}

export async function press(page: Page, goal: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, goal);
  await page.keyboard.press(key);
}
