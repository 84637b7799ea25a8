// "Reset the lab" removes what the lab made, wherever it is, and nothing else.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { logIn } from '../support/people';

const FOREIGN = ['Cookies', 'sessionStorage', 'localStorage'] as const;

test('a reset removes exactly what the lab made, and what scripts could read comes back', async ({ baseURL, bench, context, page, user }) => {
  await logIn(page.request, user);
  await bench.open();
  await page.evaluate(() => {
    document.cookie = 'other=kept; Path=/';
    sessionStorage.setItem('other', 'kept');
    localStorage.setItem('other', 'kept');
  });
  await context.addCookies([{ name: 'lab-hidden', value: 'nobody reads this', url: baseURL!, httpOnly: true }]);
  const deep = await page.request.post('/lab/cookie', { form: { line: 'lab-deep=1; Path=/lab' } });
  expect(deep.status()).toBe(204);
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await bench.putAndWait('tea', 'green');
  await expect(bench.cell('Cookies', 'lab-hidden')).toBeVisible();
  const session = (await contents(page, 'Cookies'))['__Host-session'];

  await bench.button('Reset the lab').click();
  const dialog = page.getByRole('dialog', { name: 'Reset the lab' });
  await expect(dialog.getByRole('row', { name: /^Cookies/ })).toContainText('HttpOnly');
  for (const store of ['sessionStorage', 'localStorage', 'Server session'] as const) {
    const count = Object.keys(await contents(page, store)).filter((name) => name.startsWith('lab-')).length;
    const cells = dialog.getByRole('row', { name: new RegExp(`^${store}`) }).getByRole('cell');
    await expect(cells).toHaveText([String(count), 'can be undone']);
  }
  await expect(dialog).toContainText('lab’s own settings such as the theme');
  await dialog.getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(bench.status).toHaveText(/^Reset the lab: removed \d+ of \d+\. HttpOnly cookies cannot be put back\.$/);
  await expect(bench.button('Reset the lab')).toBeFocused();

  for (const store of FOREIGN) {
    const held = await contents(page, store);
    expect(held).toMatchObject({ other: 'kept' });
    expect(Object.keys(held).filter((name) => name.includes('lab-'))).toEqual([]);
  }
  expect(await contents(page, 'Server session')).toEqual({});
  expect((await context.cookies()).map(({ name }) => name).toSorted()).toEqual(['__Host-session', 'other']);
  expect((await contents(page, 'Cookies'))['__Host-session']).toBe(session);
  await expect(page.getByRole('button', { name: 'Theme: system' })).toBeVisible();
  expect(await page.locator('html').getAttribute('data-theme')).toBeNull();

  await bench.button('Undo').click();
  await expect(bench.status).toHaveText('Undone: Reset the lab.');
  for (const store of STORES) expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'green' });
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  expect(await contents(page, 'Cookies')).not.toHaveProperty('lab-hidden');
});

test('a reset can be given up, by button and by key, and the focus comes back', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  const dialog = page.getByRole('dialog', { name: 'Reset the lab' });
  for (const giveUp of [() => dialog.getByRole('button', { name: 'Cancel' }).click(), () => page.keyboard.press('Escape')]) {
    await bench.button('Reset the lab').focus();
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('row', { name: /^localStorage/ })).toBeVisible();
    await giveUp();
    await expect(dialog).toBeHidden();
    await expect(bench.button('Reset the lab')).toBeFocused();
  }
  for (const store of STORES) expect(await contents(page, store)).toMatchObject({ 'lab-tea': 'green' });
});

test('a lab in which nothing was made says so', async ({ bench, page }) => {
  await bench.open();
  await bench.button('Reset the lab').click();
  const dialog = page.getByRole('dialog', { name: 'Reset the lab' });
  await expect(dialog).toContainText('The lab has made nothing here that is still there.');
  await expect(dialog.getByRole('button', { name: 'Reset', exact: true })).toBeDisabled();
});
