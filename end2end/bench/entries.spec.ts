// Many entries, and very long ones: the page holds what is in sight and reaches the rest.
import { fill } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const MANY = 10_000;
const LAST_BUT_ONE = 'lab-09998';

test.describe('with ten thousand entries', () => {
  test.beforeEach(async ({ bench, page }) => {
    test.slow();
    await bench.open();
    await fill(page, 'localStorage', MANY);
    await expect(bench.grid('localStorage')).toHaveAttribute('aria-rowcount', String(MANY + 1), { timeout: 30_000 });
  });

  test('the document holds those in sight alone', async ({ bench }) => {
    await expect(bench.row('localStorage', 'lab-00000')).toHaveAttribute('aria-rowindex', '2');
    expect(await bench.region('localStorage').locator('tr').count()).toBeLessThan(200);
    await expect(bench.region('localStorage')).toContainText(/[\d,]+ of 5,242,880 UTF-16 units/);
  });

  test('the 9,999th is reached by scrolling', async ({ bench }) => {
    const grid = bench.grid('localStorage');
    await grid.evaluate((table) => {
      const scroller = table.parentElement!;
      scroller.scrollIntoView();
      scroller.scrollTop = scroller.scrollHeight;
    });
    await expect(bench.row('localStorage', LAST_BUT_ONE)).toHaveAttribute('aria-rowindex', String(MANY));
    await expect(bench.row('localStorage', LAST_BUT_ONE)).toBeInViewport();
    expect(await bench.region('localStorage').locator('tr').count()).toBeLessThan(200);
  });

  test('the 9,999th is reached by keyboard', async ({ bench, page }) => {
    await bench.row('localStorage', 'lab-00000').getByRole('rowheader').focus();
    await page.keyboard.press('Control+End');
    await expect(bench.row('localStorage', 'lab-09999').getByRole('gridcell').last()).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    await expect(bench.row('localStorage', LAST_BUT_ONE).getByRole('rowheader')).toBeFocused();
    await expect(bench.row('localStorage', LAST_BUT_ONE)).toBeInViewport();
    await page.keyboard.press('Control+Home');
    await expect(bench.row('localStorage', 'lab-00000').getByRole('rowheader')).toBeFocused();
  });

  test('the 9,999th is reached by the filter', async ({ bench }) => {
    await bench.filter.fill('09998');
    await expect(bench.names('localStorage')).toHaveText([LAST_BUT_ONE]);
    await expect(bench.status).toHaveText('1 of 10,000 entries');
  });

  test('all are deleted and put back as one step', async ({ bench, page }) => {
    const before = await contents(page, 'localStorage');
    const region = bench.region('localStorage');
    await region.getByRole('checkbox', { name: 'Select all shown' }).check();
    await region.getByRole('button', { name: 'Delete 10,000 selected' }).click();
    await expect(bench.status).toHaveText('Deleted 10,000 entries from localStorage.', { timeout: 30_000 });
    expect(await contents(page, 'localStorage')).toEqual({});
    await bench.button('Undo').click();
    await expect(bench.grid('localStorage')).toHaveAttribute('aria-rowcount', String(MANY + 1), { timeout: 30_000 });
    expect(await contents(page, 'localStorage')).toEqual(before);
  });
});

test('a value of five million characters is shown by its beginning', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(() => {
    localStorage.setItem('lab-long', 'x'.repeat(5_000_000));
    window.dispatchEvent(new Event('focus'));
  });
  await expect(bench.facts('localStorage', 'lab-long').first()).toHaveText(/^x{300}… \(5,000,000 bytes in all\)$/);
  await expect(bench.row('localStorage', 'lab-long').getByRole('button', { name: 'Edit lab-long' })).toBeHidden();
  const inspector = await bench.inspect('localStorage', 'lab-long');
  await expect(inspector).toContainText('10,000 of 5,000,000 bytes are shown.');
  await inspector.getByRole('button', { name: 'Show more' }).click();
  await expect(inspector).toContainText('20,000 of 5,000,000 bytes are shown.');
});

test('the focus stays with its entry when others come and go around it', async ({ bench, context, page }) => {
  await bench.open();
  await bench.add('localStorage', 'm', '1');
  const header = bench.row('localStorage', 'lab-m').getByRole('rowheader');
  await header.focus();
  const other = await context.newPage();
  await other.goto('/healthz');
  await other.evaluate(() => localStorage.setItem('lab-a', '1'));
  await expect(bench.names('localStorage')).toHaveText(['lab-a', 'lab-m']);
  await expect(header).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(bench.row('localStorage', 'lab-a').getByRole('rowheader')).toBeFocused();
});
