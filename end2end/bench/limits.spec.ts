// "Measure my limits": what fits here, to the unit. The oracle fills the stores from a page that is no bench.
import type { Page } from '@playwright/test';
import { Bench, type Store } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

/** Whether an area takes entries of so many units together, found out without the bench. */
async function takes(page: Page, area: 'localStorage' | 'sessionStorage', units: number): Promise<boolean> {
  return page.evaluate(
    ([area, units]) => {
      const storage = window[area];
      const held = Object.entries(storage).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
      try {
        storage.setItem('x', 'a'.repeat(units - held - 1));
        return true;
      } catch {
        return false;
      } finally {
        storage.removeItem('x');
      }
    },
    [area, units] as const,
  );
}

/** The figure in "5,242,880 UTF-16 units". */
const figure = (text: string) => Number(text.split(' ')[0]!.replaceAll(',', ''));

test('the limits are exact to the unit, what is kept is counted in, and nothing is left behind', async ({ bench, context, page }) => {
  await bench.open();
  await page.evaluate(() => {
    localStorage.setItem('other', 'k'.repeat(12_345));
    sessionStorage.setItem('other', 'kept');
    document.cookie = 'other=kept; Path=/';
  });
  const panel = await bench.tool('Measure my limits');
  await panel.getByRole('button', { name: 'Measure' }).click();
  await expect(panel.getByRole('progressbar', { name: 'Measuring' })).toHaveAccessibleDescription(/\d of 9: .+ fit so far\./);
  await expect(bench.status).toHaveText('Measured: the meters and the tables use it from now on.', { timeout: 40_000 });

  const cell = (name: string) => panel.getByRole('row').filter({ hasText: name }).getByRole('cell').first();
  for (const letters of ['ASCII letters', 'letters of two bytes']) await expect(cell(letters)).toHaveText('4,096 bytes');
  await expect(cell('an attribute')).toHaveText('1,024 bytes');
  await expect(panel).toContainText('sessionStorage and localStorage have a limit each');

  expect(Object.keys(await contents(page, 'localStorage')).sort()).toEqual(['lab-limits', 'other']);
  expect(await contents(page, 'sessionStorage')).toEqual({ other: 'kept' });
  expect(await contents(page, 'Cookies')).toEqual({ other: 'kept' });

  const elsewhere = await context.newPage();
  await elsewhere.goto('/healthz');
  for (const area of ['sessionStorage', 'localStorage'] as const) {
    for (const letter of ['a', '漢', '😀']) {
      const limit = figure(await cell(`${area}, filled with ${letter}`).innerText());
      expect([await takes(elsewhere, area, limit), await takes(elsewhere, area, limit + 1)]).toEqual([true, false]);
    }
  }
});

test('the meters use what was measured, after a reload too, until it is forgotten', async ({ bench, page }) => {
  await bench.open();
  await (await bench.menu('localStorage')).getByRole('button', { name: 'Measure the limit of localStorage' }).click();
  await expect(page.getByRole('tab', { name: 'Measure my limits' })).toBeFocused();
  const panel = page.getByRole('tabpanel', { name: 'Measure my limits' });
  const menuSays = async (store: Store, words: string | RegExp) => {
    await expect(await bench.menu(store)).toContainText(words);
    await page.keyboard.press('Escape');
  };
  await menuSays('localStorage', 'of 5,242,880 UTF-16 units, the textbook limit');
  await panel.getByRole('button', { name: 'Measure' }).click();
  await expect(bench.status).toHaveText('Measured: the meters and the tables use it from now on.', { timeout: 40_000 });
  await menuSays('localStorage', /of 5,242,880 UTF-16 units, measured here on \d+ \w+ \d{4}/);
  await page.reload();
  await bench.awake();
  await menuSays('Cookies', /of 4,096 bytes, measured here on/);
  const textbook = await bench.tool('Textbook and here');
  await expect(textbook.getByRole('row', { name: /^Capacity/ })).toContainText('5,242,880 UTF-16 units');
  await bench.tool('Measure my limits');
  await panel.getByRole('button', { name: 'Forget the measurement' }).click();
  await menuSays('Cookies', 'of 4,096 bytes, the textbook limit');
});

test('a measurement can be cancelled and leaves nothing behind', async ({ bench, page }) => {
  await bench.open();
  const panel = await bench.tool('Measure my limits');
  await panel.getByRole('button', { name: 'Measure' }).click();
  await expect(panel).toContainText('sessionStorage filled with');
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await expect(bench.status).toHaveText('Measuring was cancelled; nothing is left behind.');
  for (const store of ['Cookies', 'sessionStorage', 'localStorage'] as const) expect(await contents(page, store)).toEqual({});
});

test('what a crash in the middle of measuring leaves is taken away by the next page', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(() => {
    for (const area of [localStorage, sessionStorage]) {
      area.setItem('lab-limit-probe', 'aaa');
      area.setItem('lab-limit-probe-0000', 'aaa');
      area.setItem('lab-kept', '1');
    }
  });
  await page.reload();
  for (const store of ['sessionStorage', 'localStorage'] as const) {
    await expect.poll(() => contents(page, store)).toEqual({ 'lab-kept': '1' });
    await bench.lacks(store, 'lab-limit-probe');
  }
});

test('a reload in the middle of measuring leaves nothing behind', async ({ bench, page }) => {
  await bench.open();
  const panel = await bench.tool('Measure my limits');
  await panel.getByRole('button', { name: 'Measure' }).click();
  await expect(panel).toContainText('localStorage filled with', { timeout: 30_000 });
  await page.reload();
  await bench.awake();
  for (const store of ['sessionStorage', 'localStorage'] as const) await expect.poll(() => contents(page, store)).toEqual({});
});

test('a second tab neither hears of a measurement nor disturbs it', async ({ bench, context }) => {
  await bench.open();
  const other = await new Bench(await context.newPage()).open();
  const journal = await other.tool('Journal');
  const panel = await bench.tool('Measure my limits');
  await panel.getByRole('button', { name: 'Measure' }).click();
  await expect(panel).toContainText('localStorage filled with', { timeout: 30_000 });
  // A page that wakes meanwhile finds the probes and lets them be.
  await other.page.reload();
  await other.awake();
  const theirs = await other.tool('Measure my limits');
  await theirs.getByRole('button', { name: 'Measure' }).click();
  await expect(other.status).toHaveText('Another tab is measuring. Wait until it has finished.');
  await other.tool('Journal');
  await expect(bench.status).toHaveText('Measured: the meters and the tables use it from now on.', { timeout: 40_000 });
  await expect(journal.getByRole('rowheader')).toHaveText(['lab-limits']);
});

test('the page stays responsive while it measures', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(() => {
    const lengths: number[] = [];
    Object.assign(window, { lengths });
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => lengths.push(duration))).observe({
      type: 'longtask',
    });
  });
  const panel = await bench.tool('Measure my limits');
  await panel.getByRole('button', { name: 'Measure' }).click();
  await bench.add('Cookies', 'tea', 'green');
  await bench.shows('Cookies', 'lab-tea', 'green');
  await expect(bench.status).toHaveText('Measured: the meters and the tables use it from now on.', { timeout: 40_000 });
  const longest = await page.evaluate(() => Math.max(0, ...(window as unknown as { lengths: number[] }).lengths));
  expect(longest).toBeLessThan(400);
});
