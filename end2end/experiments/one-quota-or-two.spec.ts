// One quota, or two: held against what the debugger sees while an area is full, and the browser's own estimate.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

test('each area has room while the other one is full, and the estimate is the browser’s', async ({ context, page }) => {
  test.slow();
  const experiment = await new Experiment(page).open('one-quota-or-two', '?units=123456');
  const units = (entries: Record<string, string>) =>
    Object.entries(entries).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  await experiment.predict(/^Yes, and the other way round/);

  // Step by step: after the second step localStorage is full, and a second page has no room in it, but in its own tab.
  await experiment.button('Step by step').click();
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
  await experiment.button('Next step').click();
  await expect(experiment.lane(2, 'Browser').getByRole('figure', { name: /^sessionStorage, an entry of/ })).toContainText('It is there.', { timeout: 30_000 });
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false', { timeout: 30_000 });
  const filled = units(await contents(page, 'localStorage'));
  const second = await context.newPage();
  await second.goto('/healthz');
  const tried = await second.evaluate(() => {
    const outcome = (area: Storage) => {
      try {
        area.setItem('o', 'a'.repeat(1_000));
        area.removeItem('o');
        return 'kept';
      } catch (error) {
        return (error as DOMException).name;
      }
    };
    return [outcome(localStorage), outcome(sessionStorage)];
  });
  expect(tried).toEqual(['QuotaExceededError', 'kept']);
  const { usage } = await second.evaluate(() => navigator.storage.estimate());
  await second.close();

  await experiment.button('Next step').click();
  await expect(experiment.lane(3, 'Browser')).toContainText(`${filled.toLocaleString('en')} units`);
  await expect(experiment.lane(3, 'Browser').getByRole('row', { name: /^used/ })).toContainText(`${usage!.toLocaleString('en')} bytes`);
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
  await experiment.button('Next step').click();
  await experiment.concludes('Holds, with a catch.', 60_000);
  await expect(experiment.verdict).toContainText('there was room for 123,456 more in sessionStorage');
  await expect(experiment.verdict).toContainText('Each has its own quota.');
  await expect(experiment.verdict).toContainText('You expected just that');
  await leavesNoTrace(context, page);

  await experiment.reset();
  await experiment.predict(/^No: they share/);
  await experiment.run('Holds, with a catch.', 60_000);
  await leavesNoTrace(context, page);
  expect(await contents(page, 'sessionStorage')).toEqual({});
  expect(Object.keys(await contents(page, 'localStorage')).sort()).toEqual(['lab-atlas', 'lab-progress']);
});

test('a browser with one quota for both is told that they share it', async ({ page }) => {
  test.slow();
  const experiment = await new Experiment(page).open('one-quota-or-two');
  await page.evaluate(() => {
    const setItem = Storage.prototype.setItem;
    const taken = () =>
      [localStorage, sessionStorage].flatMap((area) => Object.entries(area)).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    Storage.prototype.setItem = function (name, value) {
      const before = this.getItem(name);
      if (taken() - (before === null ? 0 : name.length + before.length) + name.length + value.length > 300_000) {
        throw new DOMException('Full.', 'QuotaExceededError');
      }
      setItem.call(this, name, value);
    };
  });
  await experiment.predict(/^No: they share one quota/);
  await experiment.run('Does not hold in this browser.', 60_000);
  await expect(experiment.verdict).toContainText('They share a quota.');
  await expect(experiment.verdict).toContainText('You expected just that');
});
