// Many names, and very long values: the page holds what is in sight and reaches the rest.
import { fill } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const MANY = 10_000;
const LAST_BUT_ONE = 'lab-09998';

test.describe('with ten thousand names in several stores', () => {
  test.beforeEach(async ({ bench, page }) => {
    test.slow();
    await bench.open();
    await fill(page, MANY);
    await bench.counts(MANY, 30_000);
  });

  test('the document holds those in sight alone, and the 9,999th is reached by scrolling', async ({ bench, page }) => {
    await expect(bench.row('lab-00000')).toHaveAttribute('aria-rowindex', '6');
    await expect(bench.search).toContainText('10,000 of 10,000 names');
    // In both, in the one, in the other.
    for (const store of ['Cookies', 'sessionStorage', 'localStorage'] as const) await bench.shows(store, 'lab-00000', 'value 0');
    await bench.lacks('sessionStorage', 'lab-00001');
    await bench.lacks('localStorage', 'lab-00002');
    await expect(bench.header('localStorage')).toContainText(/[\d,]+ of 5,242,880 UTF-16 units/);
    expect(await bench.grid.locator('tr').count()).toBeLessThan(200);
    const rows = page.locator('.rows');
    await rows.evaluate((scroller) => {
      scroller.scrollIntoView();
      scroller.scrollTop = scroller.scrollHeight;
    });
    await expect(bench.row(LAST_BUT_ONE)).toHaveAttribute('aria-rowindex', String(MANY + 4));
    await expect(bench.row(LAST_BUT_ONE)).toBeInViewport();
    await expect(bench.row('lab-00000')).not.toBeInViewport();
    expect(await bench.grid.locator('tr').count()).toBeLessThan(200);
  });

  test('the 9,999th is reached by keyboard', async ({ bench, page }) => {
    await bench.rowHeader('lab-00000').focus();
    await page.keyboard.press('Control+End');
    await expect(bench.actions('lab-09999')).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    await expect(bench.rowHeader(LAST_BUT_ONE)).toBeFocused();
    await expect(bench.row(LAST_BUT_ONE)).toBeInViewport();
    await page.keyboard.press('Control+Home');
    await expect(bench.rowHeader('lab-00000')).toBeFocused();
    await expect(bench.row('lab-00000')).toBeInViewport();
  });

  test('the 9,999th is reached by the filter and by the order', async ({ bench }) => {
    await bench.filter.fill('09998');
    await expect(bench.names()).toHaveText([LAST_BUT_ONE]);
    await expect(bench.status).toHaveText('1 of 10,000 names');
    await bench.filter.fill('');
    await bench.counts(MANY, 30_000);
    await bench.turn();
    await expect(bench.row(LAST_BUT_ONE)).toBeInViewport();
  });

  test('all are deleted everywhere and put back as one step', async ({ bench, page }) => {
    const areas = ['sessionStorage', 'localStorage'] as const;
    const held = () => Promise.all(areas.map((store) => contents(page, store)));
    const before = await held();
    await bench.selectAll.check();
    await bench.button('Delete 10,000 selected').click();
    await expect(bench.status).toHaveText('Deleted 10,000 names everywhere.', { timeout: 30_000 });
    expect(await held()).toEqual([{}, {}]);
    await bench.button('Undo').click();
    await bench.counts(MANY, 30_000);
    await expect.poll(held, { timeout: 30_000 }).toEqual(before);
  });
});

test('a value of five million characters is shown by its beginning', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(() => {
    localStorage.setItem('lab-long', 'x'.repeat(5_000_000));
    window.dispatchEvent(new Event('focus'));
  });
  await expect(bench.value('localStorage', 'lab-long')).toHaveText(/^x{300}… \(5,000,000 bytes in all\)$/);
  await expect(bench.inCell('Delete', 'localStorage', 'lab-long')).toBeVisible();
  await expect(bench.inCell('Edit', 'localStorage', 'lab-long')).toBeHidden();
  const inspector = await bench.inspect('lab-long', 'localStorage');
  await expect(inspector).toContainText('10,000 of 5,000,000 bytes are shown.');
  await inspector.getByRole('button', { name: 'Show more' }).click();
  await expect(inspector).toContainText('20,000 of 5,000,000 bytes are shown.');
});

test('the focus stays with its entry when others come and go around it', async ({ bench, context, page }) => {
  await bench.open();
  await bench.add('localStorage', 'm', '1');
  await bench.cell('localStorage', 'lab-m').focus();
  const other = await context.newPage();
  await other.goto('/healthz');
  await other.evaluate(() => localStorage.setItem('lab-a', '1'));
  await expect(bench.names()).toHaveText(['lab-a', 'lab-m']);
  await expect(bench.cell('localStorage', 'lab-m')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(bench.cell('localStorage', 'lab-a')).toBeFocused();
});
