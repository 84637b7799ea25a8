// The head of the table: what each store is, what is used of it, and its menu.
import { FACTS, STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

test('each store has a column of its name, with what is used of it and the facts below', async ({ bench }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  for (const [store, used] of [
    ['Cookies', /Largest cookie [\d,]+ of 4,096 bytes/],
    ['sessionStorage', '12 of 5,242,880 UTF-16 units'],
    ['localStorage', '12 of 5,242,880 UTF-16 units'],
    ['Server session', '12 of 65,536 bytes'],
  ] as const) {
    await expect(bench.header(store)).toContainText(used);
    await expect(bench.header(store).getByRole('meter', { name: `${store} used` })).toBeVisible();
  }
  await expect(bench.header('localStorage').getByRole('meter')).toHaveAttribute('value', '12');
  await expect(bench.fact('Cookies', 'Sent with requests')).toContainText('with every request');
  await expect(bench.fact('localStorage', 'Sent with requests')).toContainText('never');
  await expect(bench.fact('sessionStorage', 'When it ends')).toContainText('tab');
  await expect(bench.fact('Server session', 'Who can read it')).toContainText('server');
});

test('the facts are folded away, and stay so after a reload, until they are unfolded', async ({ bench, page }) => {
  await bench.open();
  const shown = async (visible: boolean) => {
    await expect(bench.factsButton).toHaveAttribute('aria-expanded', String(visible));
    for (const fact of FACTS) await expect(bench.rowHeader(fact)).toHaveCount(visible ? 1 : 0);
  };
  await shown(true);
  await bench.factsButton.click();
  await shown(false);
  expect(await contents(page, 'localStorage')).toEqual({ 'lab-facts': 'off' });
  // The head says where an entry stands, folded or not.
  await expect(bench.row('lab-facts')).toHaveAttribute('aria-rowindex', '6');
  await page.reload();
  await bench.awake();
  await shown(false);
  await bench.factsButton.click();
  await shown(true);
  await page.reload();
  await bench.awake();
  await shown(true);
});

test('a store’s menu says what the store is, and does what is chosen', async ({ bench, page }) => {
  await bench.open();
  const menu = await bench.menu('localStorage');
  await expect(menu).toContainText('Texts for every tab of this origin');
  await expect(menu).toContainText('of 5,242,880 UTF-16 units, the textbook limit');
  await expect(menu.getByRole('button', { name: 'Clear localStorage' })).toBeDisabled();
  await menu.getByRole('button', { name: 'Add to localStorage' }).click();
  await expect(menu).toBeHidden();
  await expect(bench.addForm('localStorage').getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.type('tea');
  await page.keyboard.press('Enter');
  await bench.shows('localStorage', 'lab-tea', '');
  await bench.clear('localStorage');
  await expect(bench.status).toHaveText('Deleted lab-tea from localStorage.');
  await bench.lacks('localStorage', 'lab-tea');
});

test('each menu is opened and closed by keyboard, which gives the focus back', async ({ bench, page }) => {
  await bench.open();
  for (const store of STORES) {
    const opener = bench.menuButton(store);
    const menu = page.getByRole('group', { name: `${store} menu` });
    await opener.focus();
    await page.keyboard.press('Enter');
    await expect(menu).toBeVisible();
    // The next stop of the Tab key is in the menu.
    await page.keyboard.press('Tab');
    await expect(menu.locator(':focus')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await expect(opener).toBeFocused();
    await page.keyboard.press('Space');
    await expect(menu.locator(':focus')).toHaveCount(1);
    await menu.getByRole('button', { name: `Add to ${store}` }).focus();
    await page.keyboard.press('Enter');
    await expect(bench.addForm(store).getByRole('textbox', { name: 'Name' })).toBeFocused();
    await bench.addForm(store).getByRole('button', { name: 'Cancel' }).focus();
    await page.keyboard.press('Enter');
    await expect(bench.addForm(store)).toHaveCount(0);
    await expect(opener).toBeFocused();
  }
});
