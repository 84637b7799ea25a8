// How much fits in web storage: held against what a second page can put into areas of its own, and the debugger's view.
import type { Page } from '@playwright/test';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

/** Units that an area takes of a letter in one entry, by a search of our own; names and what is there counted in. */
async function largest(page: Page, area: 'localStorage' | 'sessionStorage', letter: string): Promise<number> {
  return page.evaluate(([area, letter]) => {
    const storage = window[area as 'localStorage'];
    const there = Object.entries(storage).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
    let [fits, fails] = [0, 16_777_216];
    while (fails - fits > 1) {
      const units = (fits + fails) >> 1;
      try {
        storage.setItem('o', letter!.repeat(Math.floor(units / letter!.length)) + 'a'.repeat(units % letter!.length));
        fits = units;
      } catch {
        fails = units;
      }
      storage.removeItem('o');
    }
    return there + 1 + fits;
  }, [area, letter]);
}

test('both areas are full at the unit that a second page finds too', async ({ context, page }) => {
  test.slow();
  const experiment = await new Experiment(page).open('how-much-fits-in-web-storage');
  await page.evaluate(() => {
    localStorage.setItem('other', 'k'.repeat(12_345));
    sessionStorage.setItem('other', 'kept');
  });
  const second = await context.newPage();
  await second.goto('/healthz');
  const limits = [];
  for (const area of ['localStorage', 'sessionStorage'] as const) {
    for (const letter of ['a', '漢', '😀']) limits.push(await largest(second, area, letter));
  }
  const [limit] = limits;
  expect(limits).toEqual(limits.map(() => limit));
  await second.close();

  for (let times = 1; times <= 2; times++) {
    await experiment.predict(/^After the same number of UTF-16 units/);
    await experiment.run('Holds, with a catch.', 60_000);
    await expect(experiment.verdict).toContainText(
      `Each of the two areas is full at ${limit!.toLocaleString('en')} units of any of the letters.`,
    );
    await expect(experiment.verdict).toContainText('You expected just that');
    for (const step of [2, 3]) {
      const rows = experiment.lane(step, 'Browser').getByRole('row');
      for (const letter of ['a', '漢', '😀']) {
        const row = rows.filter({ has: page.getByRole('rowheader', { name: letter, exact: true }) });
        await expect(row).toContainText((limit! / letter.length).toLocaleString('en'));
        await expect(row).toContainText('QuotaExceededError');
      }
    }
    await leavesNoTrace(context, page);
    expect(await contents(page, 'sessionStorage')).toEqual({ other: 'kept' });
    expect(Object.keys(await contents(page, 'localStorage')).sort()).toEqual(['lab-atlas', 'lab-progress', 'other']);
    await experiment.reset();
  }
});

test('a browser that denies web storage is told what to do', async ({ page }) => {
  const experiment = await new Experiment(page).open('how-much-fits-in-web-storage');
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('Full.', 'QuotaExceededError');
    };
  });
  await experiment.choices.first().check();
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('This browser keeps nothing in sessionStorage');
});
