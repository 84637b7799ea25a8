// WCAG 2.2 AA as axe sees it: in light and dark, on a wide screen and on the narrowest phone.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
export const WIDTHS = [1280, 320];

/** Asserts that axe finds nothing and that the page does not scroll sideways. */
export async function inspect(page: Page): Promise<void> {
  // Frames of another site are not looked at: there is none.
  const origins = page.frames().map((frame) => frame.url()).filter((url) => url.startsWith('http')).map((url) => new URL(url).origin);
  expect(new Set(origins).size, 'origins of the page and its frames').toBe(1);
  // Colours on their way from one to the other are no state.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // Without this mode axe opens a further page each time, only to put together what it found in the frames.
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(TAGS).analyze();
      const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}\n${node.failureSummary}`));
      expect.soft(found, `${colorScheme}, ${width} px wide`).toEqual([]);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(overflow, `sideways scrolling at ${width} px`).toBe(0);
  }
}
