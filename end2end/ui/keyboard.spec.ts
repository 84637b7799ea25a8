// Everything by keyboard alone, and stillness for those who ask for it.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { press, tabTo } from '../support/keyboard';

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

  for (const store of STORES) {
    const row = bench.row(store, 'lab-tea');
    await press(page, row.getByRole('button', { name: 'Edit lab-tea' }));
    await expect(row.getByRole('textbox', { name: 'Value of lab-tea' })).toBeFocused();
    await page.keyboard.type('black');
    await page.keyboard.press('Enter');
    await bench.shows(store, 'lab-tea', 'black');
    await expect(row.getByRole('button', { name: 'Edit lab-tea' })).toBeFocused();
    await press(page, row.getByRole('button', { name: 'Delete lab-tea' }));
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
  await expect(bench.names('localStorage')).toHaveText(['lab-tea']);
  await tabTo(page, bench.row('localStorage', 'lab-tea').getByRole('rowheader'));
  await page.keyboard.press('F2');
  await expect(bench.row('localStorage', 'lab-tea').getByRole('textbox')).toBeFocused();
  await page.keyboard.type('evergreen');
  await page.keyboard.press('Enter');
  await bench.shows('localStorage', 'lab-tea', 'evergreen');
  await expect(bench.facts('localStorage', 'lab-tea').first()).toBeFocused();

  await press(page, bench.row('localStorage', 'lab-tea').getByRole('button', { name: 'Inspect lab-tea' }));
  const inspector = page.getByRole('dialog', { name: 'lab-tea in localStorage' });
  await expect(inspector).toContainText('localStorage is never sent');
  await page.keyboard.press('Escape');
  await expect(bench.row('localStorage', 'lab-tea').getByRole('button', { name: 'Inspect lab-tea' })).toBeFocused();

  await page.keyboard.press('Escape');
  await page.keyboard.press('Delete');
  await bench.lacks('localStorage', 'lab-tea');
  await expect(bench.button('Add to localStorage')).toBeFocused();
  await page.keyboard.press('z');
  await bench.shows('localStorage', 'lab-tea', 'evergreen');
  await page.keyboard.press('y');
  await bench.lacks('localStorage', 'lab-tea');
});

test('the first stop of the keyboard skips to the content', async ({ bench, page }) => {
  await bench.open();
  await press(page, page.getByRole('link', { name: 'Skip to content' }));
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(bench.nameField).toBeFocused();
});

test('nothing moves for those who ask for less motion', async ({ bench, page }) => {
  const moving = () => page.evaluate(() => document.getAnimations().length);
  await bench.open();
  await bench.putAndWait('one', '1');
  await expect.poll(moving).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await bench.putAndWait('two', '2');
  expect(await moving()).toBe(0);
});
