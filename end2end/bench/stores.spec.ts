// What each of the four stores lets a person do.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

for (const store of STORES) {
  test.describe(store, () => {
    test('an entry is added, edited and deleted here alone', async ({ bench, page }) => {
      const others = STORES.filter((other) => other !== store);
      await bench.open();

      await bench.add(store, 'tea', 'green');
      await expect(bench.status).toHaveText(`Put lab-tea in ${store}.`);
      await bench.shows(store, 'lab-tea', 'green');
      expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'green' });
      for (const other of others) expect(await contents(page, other)).not.toHaveProperty('lab-tea');

      await bench.edit(store, 'lab-tea', 'black');
      await bench.shows(store, 'lab-tea', 'black');
      expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'black' });

      await bench.delete(store, 'lab-tea');
      await expect(bench.status).toHaveText(`Deleted lab-tea from ${store}.`);
      await bench.lacks(store, 'lab-tea');
      expect(await contents(page, store)).not.toHaveProperty('lab-tea');
    });

    test('what was deleted or cleared can be put back', async ({ bench, page }) => {
      await bench.open();
      await bench.putAndWait('one', '1');
      await bench.putAndWait('two', '2');
      const before = await contents(page, store);

      await bench.delete(store, 'lab-one');
      await bench.lacks(store, 'lab-one');
      await bench.button('Undo').click();
      await bench.shows(store, 'lab-one', '1');

      await bench.clear(store);
      await expect(bench.status).toHaveText(`Deleted 2 entries from ${store}.`);
      await expect((await bench.menu(store)).getByRole('button', { name: `Clear ${store}` })).toBeDisabled();
      await page.keyboard.press('Escape');
      await bench.button('Undo').click();
      await bench.shows(store, 'lab-one', '1');
      await bench.shows(store, 'lab-two', '2');
      expect(await contents(page, store)).toEqual(before);
    });

    test('a form for a new entry keeps what was typed when the store refuses it, and an edit can be given up', async ({ bench, page }) => {
      await bench.open();
      await bench.add(store, '', 'green');
      const form = bench.addForm(store);
      await expect(form.getByRole('textbox', { name: 'Name' })).toHaveAccessibleDescription('Give it a name.');
      await expect(form.getByRole('textbox', { name: 'Value' })).toHaveValue('green');
      await form.getByRole('button', { name: 'Cancel' }).click();
      await expect(form).toBeHidden();
      expect(await contents(page, store)).toEqual({});

      await bench.add(store, 'tea', 'green');
      await bench.inCell('Edit', store, 'lab-tea').click();
      const field = bench.field(store, 'lab-tea');
      await expect(field).toBeFocused();
      await field.fill('black');
      await page.keyboard.press('Escape');
      await bench.shows(store, 'lab-tea', 'green');
      await expect(bench.inCell('Edit', store, 'lab-tea')).toBeFocused();
      expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'green' });
    });
  });
}

for (const store of ['Cookies', 'sessionStorage', 'localStorage'] as const) {
  test(`clearing ${store} removes what the lab made and nothing else`, async ({ bench, page }) => {
    await bench.open();
    await page.evaluate(() => {
      document.cookie = 'other=kept; Path=/';
      sessionStorage.setItem('other', 'kept');
      localStorage.setItem('other', 'kept');
    });
    await bench.putAndWait('one', '1');
    await bench.putAndWait('two', '2');
    await bench.shows(store, 'other', 'kept');
    await bench.clear(store);
    await bench.lacks(store, 'lab-one');
    await bench.lacks(store, 'lab-two');
    await bench.shows(store, 'other', 'kept');
    const held = await contents(page, store);
    expect(held).toMatchObject({ other: 'kept' });
    expect(Object.keys(held).filter((name) => name.startsWith('lab-'))).toEqual([]);
  });
}
