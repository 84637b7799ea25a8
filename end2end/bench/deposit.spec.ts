// The form "Put a value": each store judges for itself, and what was typed stays until all have taken it.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const COOKIE_LIMIT = 4_096;
const STORAGE_LIMIT = 5_242_880;

test('a value put in all four is really in all four', async ({ bench, page }) => {
  await bench.open();
  await expect(bench.deposit).toContainText('The lab puts lab- before it.');
  await bench.nameField.fill('city');
  await expect(bench.nameField).toHaveAccessibleDescription(/It will be called lab-city\./);
  await bench.valueField.fill('Zürich 😀');
  await expect(bench.valueField).toHaveAccessibleDescription(/12 bytes, 9 UTF-16 units/);
  await bench.button('Put in all four').click();
  await expect(bench.status).toHaveText('Put lab-city in all four stores.');
  await expect(bench.nameField).toHaveValue('');
  for (const store of STORES) expect(await contents(page, store)).toMatchObject({ 'lab-city': 'Zürich 😀' });
});

test('a value without a name is sent back to the field', async ({ bench, page }) => {
  await bench.open();
  await bench.put('', 'blue');
  await expect(bench.nameField).toHaveAccessibleDescription(/Give it a name\./);
  await expect(bench.valueField).toHaveValue('blue');
  for (const store of STORES) expect(await contents(page, store)).toEqual({});
});

test('a name that a cookie cannot hold is explained at the field, and the other stores take it', async ({ bench, page }) => {
  await bench.open();
  await bench.put('my=colour', 'blue');
  await expect(bench.nameField).toHaveAccessibleDescription(/Cookies: A cookie's name cannot hold “=”/);
  await expect(bench.nameField).toHaveAttribute('aria-invalid', 'true');
  await expect(bench.nameField).toHaveValue('my=colour');
  await expect(bench.valueField).toHaveValue('blue');
  expect(await contents(page, 'Cookies')).not.toHaveProperty('lab-my=colour');
  for (const store of STORES.slice(1)) expect(await contents(page, store)).toMatchObject({ 'lab-my=colour': 'blue' });
});

test('a value that would end a cookie early is explained at the field', async ({ bench, page }) => {
  await bench.open();
  await bench.put('colour', 'blue; Path=/evil');
  await expect(bench.valueField).toHaveAccessibleDescription(/Cookies: A cookie's value cannot hold a semicolon/);
  await expect(bench.valueField).toHaveValue('blue; Path=/evil');
  expect(await contents(page, 'Cookies')).not.toHaveProperty('lab-colour');
});

test('a cookie of exactly 4,096 bytes is kept', async ({ bench, page }) => {
  const value = 'x'.repeat(COOKIE_LIMIT - 'lab-big'.length);
  await bench.open();
  await bench.putAndWait('big', value);
  expect(await contents(page, 'Cookies')).toMatchObject({ 'lab-big': value });
  await expect(bench.header('Cookies')).toContainText('Largest cookie 4,096 of 4,096 bytes');
});

test('a cookie of 4,097 bytes is refused by the cookie store alone', async ({ bench, page }) => {
  const value = 'x'.repeat(COOKIE_LIMIT + 1 - 'lab-big'.length);
  await bench.open();
  await bench.put('big', value);
  await expect(bench.valueField).toHaveAccessibleDescription(/Cookies: The browser dropped it: name and value are 4,097 bytes/);
  await expect(bench.status).toHaveText('3 of four stores took lab-big; the form says why the others did not.');
  await expect(bench.nameField).toHaveValue('big');
  await expect(bench.valueField).toHaveValue(value);
  expect(await contents(page, 'Cookies')).not.toHaveProperty('lab-big');
  for (const store of STORES.slice(1)) expect(await contents(page, store)).toMatchObject({ 'lab-big': value });
});

for (const area of ['sessionStorage', 'localStorage'] as const) {
  test(`a full ${area} is explained, and the others take the value`, async ({ bench, page }) => {
    await bench.open();
    await page.evaluate(
      ([area, length]) => window[area].setItem('filler', 'x'.repeat(length)),
      [area, STORAGE_LIMIT - 'filler'.length] as const,
    );
    await bench.put('colour', 'blue');
    await expect(bench.valueField).toHaveAccessibleDescription(
      new RegExp(`${area}: The browser has no room for these 14 UTF-16 units \\(QuotaExceededError\\)`),
    );
    await expect(bench.valueField).toHaveValue('blue');
    await expect(bench.header(area)).toContainText('5,242,880 of 5,242,880 UTF-16 units');
    for (const store of STORES) {
      const held = await contents(page, store);
      expect(held['lab-colour']).toBe(store === area ? undefined : 'blue');
    }
  });
}

test('a full server session is explained', async ({ bench, page, tolerate }) => {
  tolerate(/status of 422/);
  await bench.open();
  await bench.putAndWait('first', 'kept');
  await bench.put('big', 'x'.repeat(65_536));
  await expect(bench.valueField).toHaveAccessibleDescription(/Server session: The server keeps at most 65,536 bytes for one session/);
  await expect(bench.valueField).toHaveValue(/^x{65536}$/);
  expect(await contents(page, 'Server session')).toEqual({ 'lab-first': 'kept' });
});
