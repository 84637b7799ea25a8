// Everything by keyboard alone, and stillness for those who ask for it.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { press, tabTo } from '../support/keyboard';
import { countMoves } from '../support/motion';

test('a person logs in, puts, edits, deletes and undoes with the keyboard alone', async ({ bench, page, user }) => {
  await bench.open();
  const link = (name: string) => page.getByRole('link', { name, exact: true });

  await press(page, link('Log in'));
  await tabTo(page, page.getByRole('textbox', { name: 'Username' }));
  await page.keyboard.type(user.username);
  await tabTo(page, page.getByLabel('Password', { exact: true }));
  await page.keyboard.type(user.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();

  await press(page, link('Bench'));
  await bench.awake();
  await tabTo(page, bench.nameField);
  await page.keyboard.type('tea');
  await tabTo(page, bench.valueField);
  await page.keyboard.type('green');
  await page.keyboard.press('Enter');
  await expect(bench.status).toHaveText('Put lab-tea in all four stores.');

  // The table is one stop; from its first row the arrows go on.
  await tabTo(page, bench.rowHeader('__Host-session'));
  await page.keyboard.press('ArrowDown');
  await expect(bench.rowHeader('lab-tea')).toBeFocused();
  for (const store of STORES) {
    await press(page, bench.inCell('Edit', store, 'lab-tea'));
    await expect(bench.field(store, 'lab-tea')).toBeFocused();
    await page.keyboard.type('black');
    await page.keyboard.press('Enter');
    await bench.shows(store, 'lab-tea', 'black');
    await expect(bench.inCell('Edit', store, 'lab-tea')).toBeFocused();
    await press(page, bench.inCell('Delete', store, 'lab-tea'));
    await bench.lacks(store, 'lab-tea');
    await press(page, bench.button('Undo'));
    await bench.shows(store, 'lab-tea', 'black');
  }
});

test('a person puts, finds, edits, inspects, deletes, undoes and redoes with the keyboard alone', async ({ bench, page }) => {
  await bench.open();
  for (const [name, value] of [['tea', 'green'], ['colour', 'blue']] as const) {
    await tabTo(page, bench.button('Keys'));
    await page.keyboard.press('n');
    await page.keyboard.type(name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(value);
    await page.keyboard.press('Enter');
    await expect(bench.status).toHaveText(`Put lab-${name} in all four stores.`);
  }

  await tabTo(page, bench.filter);
  await page.keyboard.type('green');
  await expect(bench.names()).toHaveText(['lab-tea']);
  await tabTo(page, bench.rowHeader('lab-tea'));
  for (let steps = 0; steps < 3; steps++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('F2');
  await expect(bench.field('localStorage', 'lab-tea')).toBeFocused();
  await page.keyboard.type('evergreen');
  await page.keyboard.press('Enter');
  await bench.shows('localStorage', 'lab-tea', 'evergreen');
  await expect(bench.cell('localStorage', 'lab-tea')).toBeFocused();

  await press(page, bench.inspectButton('lab-tea'));
  await expect(bench.inspector('lab-tea')).toContainText('localStorage is never sent');
  await page.keyboard.press('Escape');
  await expect(bench.inspectButton('lab-tea')).toBeFocused();

  await page.keyboard.press('Escape');
  await expect(bench.actions('lab-tea')).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(bench.status).toHaveText('Deleted lab-tea everywhere.');
  await expect(bench.row('lab-tea')).toHaveCount(0);
  // The filter leaves no row to go on with; the focus is not lost all the same.
  await expect(page.locator(':focus')).toHaveCount(1);
  await tabTo(page, bench.button('Keys'));
  await page.keyboard.press('z');
  await expect(bench.status).toHaveText('Undone: Deleted lab-tea everywhere.');
  await bench.shows('localStorage', 'lab-tea', 'evergreen');
  await page.keyboard.press('y');
  await expect(bench.row('lab-tea')).toHaveCount(0);
});

test('the first stop of the keyboard skips to the content', async ({ bench, page }) => {
  await bench.open();
  await press(page, page.getByRole('link', { name: 'Skip to content' }));
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(bench.nameField).toBeFocused();
});

test('nothing moves for those who ask for less motion', async ({ bench, page }) => {
  await bench.open();
  const moved = await countMoves(page);
  await bench.putAndWait('one', '1');
  await expect.poll(moved).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const before = await moved();
  await bench.putAndWait('two', '2');
  await expect(bench.grid.locator('[data-changed]')).toHaveCount(0);
  expect(await moved()).toBe(before);
});
