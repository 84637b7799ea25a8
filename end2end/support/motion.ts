// What moves on a page, as the browser tells when it begins: an animation may be over before one asks.
import type { Page } from '@playwright/test';

type Counting = { moved: number };

/** Counts from here on what begins to move; the returned function says how much it was. */
export async function countMoves(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counting = window as unknown as Counting;
    counting.moved = 0;
    for (const type of ['animationstart', 'transitionrun']) addEventListener(type, () => counting.moved++);
  });
  return () => page.evaluate(() => (window as unknown as Counting).moved);
}
