// WCAG 2.2 AA as axe sees it: in light and dark, on a wide screen and on the narrowest phone.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
export const WIDTHS = [1280, 320];

export type View = { width: number; colorScheme: 'light' | 'dark' };
const view = (width: number, colorScheme: View['colorScheme']): View => ({ width, colorScheme });
/** Each width in each scheme. */
export const VIEWS = WIDTHS.flatMap((width) => [view(width, 'light'), view(width, 'dark')]);
/** Half of them, so that a page looked at in both halves was seen in all: for states that differ by little. */
export const [SOME_VIEWS, OTHER_VIEWS] = [[view(1280, 'light'), view(320, 'dark')], [view(1280, 'dark'), view(320, 'light')]] as const;

/** Asserts that axe finds nothing and that the page does not scroll sideways. */
export async function inspect(page: Page, views: readonly View[] = VIEWS): Promise<void> {
  // Frames of another site are not looked at: there is none.
  const origins = page.frames().map((frame) => frame.url()).filter((url) => url.startsWith('http')).map((url) => new URL(url).origin);
  expect(new Set(origins).size, 'origins of the page and its frames').toBe(1);
  // Colours on their way from one to the other are no state.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const { width, colorScheme } of views) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    // Without this mode axe opens a further page each time, only to put together what it found in the frames.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(TAGS).analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}\n${node.failureSummary}`));
    expect.soft(found, `${colorScheme}, ${width} px wide`).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(overflow, `sideways scrolling at ${width} px`).toBe(0);
  }
}
