// What is in sight without scrolling, on a desk and on a phone.
import type { Locator, Page } from '@playwright/test';
import { type Bench, OPTIONAL, STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';

const NAMES = ['colour', 'cup', 'milk', 'sugar', 'tea', 'time'];

/** Whether something is wholly in sight. */
async function isInSight(page: Page, place: Locator): Promise<boolean> {
  const box = await place.boundingBox();
  const { width, height } = page.viewportSize()!;
  return !!box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
}

/** How many rows of entries are wholly in sight. */
async function rowsInSight(bench: Bench): Promise<number> {
  const rows = await bench.grid.getByRole('row').filter({ has: bench.page.getByRole('button', { name: /^Inspect / }) }).all();
  const seen = await Promise.all(rows.map((row) => isInSight(bench.page, row)));
  return seen.filter(Boolean).length;
}

const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('on a desk the deposit, the heads and six rows are in sight, with and without the facts', async ({ bench, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await bench.open();
  for (const name of NAMES) await bench.putAndWait(name, `the ${name}`);
  const heads = [bench.deposit, ...STORES.map((store) => bench.header(store))];
  for (const facts of ['true', 'false']) {
    if (facts === 'false') await bench.factsButton.click();
    await expect(bench.factsButton).toHaveAttribute('aria-expanded', facts);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    for (const head of heads) expect.soft(await isInSight(page, head), `${head}, facts ${facts}`).toBe(true);
    expect.soft(await rowsInSight(bench), `rows in sight, facts ${facts}`).toBeGreaterThanOrEqual(6);
    expect.soft(await sideways(page)).toBe(0);
  }
});

test('on a phone the deposit and the first three names with all four stores are in sight', async ({ bench, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await bench.open();
  for (const name of NAMES.slice(0, 3)) await bench.putAndWait(name, `the ${name}`);
  await page.reload();
  await bench.awake();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  expect.soft(await isInSight(page, bench.deposit), 'the deposit').toBe(true);
  const rows = bench.grid.getByRole('row').filter({ has: page.getByRole('button', { name: /^Inspect / }) });
  for (let at = 0; at < 3; at++) {
    const row = rows.nth(at);
    const name = (await row.getByRole('rowheader').innerText()).trim();
    expect.soft(await isInSight(page, row), `the row of ${name}`).toBe(true);
    for (const store of STORES) expect.soft(await isInSight(page, bench.cell(store, name)), `${name} in ${store}`).toBe(true);
  }
  expect.soft(await sideways(page)).toBe(0);
});

test('nothing scrolls sideways, from the narrowest phone to the widest screen, with every column shown', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('a-rather-long-name-for-something-small', 'x'.repeat(500));
  const look = async (columns: string) => {
    for (const width of [320, 390, 768, 1280, 1920, 3840]) {
      await page.setViewportSize({ width, height: 900 });
      expect.soft(await sideways(page), `${columns}, ${width} px wide`).toBe(0);
    }
  };
  await look('four columns');
  await page.setViewportSize({ width: 1280, height: 900 });
  await bench.switchOn(...OPTIONAL);
  await look('all columns');
});

test('the heads stay in sight while many rows are scrolled', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(() => {
    for (let at = 0; at < 200; at++) localStorage.setItem(`lab-${at}`, String(at));
    window.dispatchEvent(new Event('focus'));
  });
  await bench.counts(200);
  const rows = page.locator('.rows');
  await rows.evaluate((scroller) => {
    scroller.scrollIntoView();
    scroller.scrollTop = scroller.scrollHeight;
  });
  await expect(bench.row('lab-99')).toBeInViewport();
  for (const store of STORES) await expect(bench.header(store)).toBeInViewport();
});
