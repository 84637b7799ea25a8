// The table at three sizes, light and dark: empty, with one value in every store, with forty names of which some differ, and with
// ten thousand.
import type { Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { type Bench, fill } from '../support/bench';
import { expect, test } from '../support/fixtures';

const SIZES = { desk: [1280, 800], wide: [1920, 1080], phone: [390, 844] } as const;

async function fortyNames(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (let at = 0; at < 40; at++) {
      const name = `lab-${String(at).padStart(2, '0')}`;
      if (at % 3 || at % 4 === 0) localStorage.setItem(name, `value ${at}`);
      if (at % 4) sessionStorage.setItem(name, at % 5 ? `value ${at}` : 'something else');
      if (at % 2) document.cookie = `${name}=value ${at}; Path=/`;
    }
    window.dispatchEvent(new Event('focus'));
  });
}

const STATES: Record<string, (bench: Bench, page: Page) => Promise<void>> = {
  empty: async (bench) => expect(bench.names()).toHaveCount(0),
  four: async (bench) => bench.putAndWait('colour', 'cornflower blue'),
  forty: async (bench, page) => {
    await fortyNames(page);
    await bench.counts(41);
    await bench.shows('Cookies', 'lab-01', 'value 1');
    await expect(page.locator('[data-changed]')).toHaveCount(0);
  },
  many: async (bench, page) => {
    await fill(page, 10_000);
    await expect(bench.grid).toHaveAttribute('aria-rowcount', /^1\d{4}$/, { timeout: 30_000 });
  },
};

for (const [size, [width, height]] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [state, arrange] of Object.entries(STATES)) {
      test(`the table, ${size}, ${colorScheme}, ${state}`, async ({ bench, page }) => {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        if (state !== 'empty') await page.addInitScript(() => localStorage.setItem('lab-tour', 'done'));
        await bench.open();
        await arrange(bench, page);
        await page.evaluate(() => scrollTo(0, 0));
        const file = new URL(`../../docs/images/table/${size}-${colorScheme}-${state}.png`, import.meta.url);
        await page.screenshot({ path: fileURLToPath(file) });
      });
    }
  }
}
