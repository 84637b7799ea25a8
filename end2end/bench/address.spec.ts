// The page's own address as a store: its query parameters, which go to the server and to whoever is sent the link.
import type { Page } from '@playwright/test';
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const query = (page: Page) => new URL(page.url()).search;

test('a parameter is added, edited and removed in the address, here alone', async ({ bench, page }) => {
  await bench.open();
  await bench.switchOn('Address');
  await bench.add('Address', 'tea', 'green & black = ü');
  await expect(bench.status).toHaveText('Put lab-tea in Address.');
  await bench.shows('Address', 'lab-tea', 'green & black = ü');
  expect(await contents(page, 'Address')).toEqual({ 'lab-tea': 'green & black = ü' });
  for (const store of STORES) expect(await contents(page, store)).not.toHaveProperty('lab-tea');

  await bench.edit('Address', 'lab-tea', 'white');
  await bench.shows('Address', 'lab-tea', 'white');
  expect(await contents(page, 'Address')).toEqual({ 'lab-tea': 'white' });

  await bench.delete('Address', 'lab-tea');
  await expect(bench.status).toHaveText('Deleted lab-tea from Address.');
  await bench.lacks('Address', 'lab-tea');
  expect(query(page)).toBe('');
  await bench.button('Undo').click();
  await bench.shows('Address', 'lab-tea', 'white');
  expect(await contents(page, 'Address')).toEqual({ 'lab-tea': 'white' });
});

test('a parameter outlives a reload and travels to the server with the link', async ({ baseURL, bench, browser, page }) => {
  await bench.open();
  await bench.switchOn('Address');
  await bench.add('Address', 'tea', 'green');
  await bench.shows('Address', 'lab-tea', 'green');
  await page.reload();
  await bench.awake();
  await bench.shows('Address', 'lab-tea', 'green');

  const elsewhere = await browser.newContext({ baseURL });
  const there = await elsewhere.newPage();
  const carried = there.waitForRequest(page.url());
  await there.goto(page.url());
  expect((await carried).url()).toContain('lab-tea=green');
  await elsewhere.close();
});

test('a column that is read twice at once says what it holds', async ({ bench, page }) => {
  await bench.open('/?lab-tea=green');
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(/split_tools/, async (route) => {
    await released;
    await route.continue();
  });
  await bench.columnSwitch('Address').click();
  await expect(bench.status).toHaveText('Reading Address…');
  await page.evaluate(() => void dispatchEvent(new PopStateEvent('popstate')));
  release();
  await expect(bench.status).toHaveText('Address is shown, with 1 entry.');
});

test('clearing the address removes what the lab put there and nothing else', async ({ bench, page }) => {
  await bench.open('/?other=kept&lab-tea=green');
  await bench.switchOn('Address');
  await bench.shows('Address', 'lab-tea', 'green');
  await bench.shows('Address', 'other', 'kept');
  await bench.clear('Address');
  await expect(bench.status).toHaveText('Deleted lab-tea from Address.');
  await bench.lacks('Address', 'lab-tea');
  expect(query(page)).toBe('?other=kept');
});

test('a name is put from the stores into the address, and back', async ({ bench, page }) => {
  await bench.open();
  await bench.switchOn('Address');
  await bench.put('tea', 'green');
  await expect(bench.status).toHaveText('Put lab-tea in all 5 stores.');
  expect(await contents(page, 'Address')).toEqual({ 'lab-tea': 'green' });
  await bench.deleteEverywhere('lab-tea');
  await expect(bench.status).toHaveText('Deleted lab-tea everywhere.');
  expect(query(page)).toBe('');
  await bench.button('Undo').click();
  await bench.shows('Address', 'lab-tea', 'green');
  expect(await contents(page, 'Address')).toEqual({ 'lab-tea': 'green' });
});

test('what the back button and other scripts make of the address shows', async ({ bench, page }) => {
  await bench.open();
  await bench.switchOn('Address');
  await page.evaluate(() => history.pushState(null, '', '?lab-tea=green'));
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await bench.shows('Address', 'lab-tea', 'green');
  await page.goBack();
  await bench.lacks('Address', 'lab-tea');
});

test('what the page itself uses in its address is told and left alone', async ({ bench, page, tolerate }) => {
  tolerate(/status of 404/);
  await bench.open('/?matrix=firefox-140.fmrmmr---.akklkk---&lab-tea=green&lab-tea=black');
  await bench.switchOn('Address');
  await expect(bench.row('matrix')).toHaveCount(0);
  const others = (await bench.menu('Address')).getByRole('listitem');
  await expect(others.filter({ hasText: 'matrix' })).toHaveCount(1);
  await expect(others.filter({ hasText: 'lab-tea once more: black' })).toHaveCount(1);
  await page.keyboard.press('Escape');
  // The first of them is the entry; with it the others go and come back.
  await bench.shows('Address', 'lab-tea', 'green');
  await bench.delete('Address', 'lab-tea');
  await bench.lacks('Address', 'lab-tea');
  expect(new URL(page.url()).searchParams.getAll('lab-tea')).toEqual([]);
  await bench.button('Undo').click();
  await bench.shows('Address', 'lab-tea', 'green');
  expect(new URL(page.url()).searchParams.getAll('lab-tea')).toEqual(['green', 'black']);
});

test('an address that no server has to take is refused with the reason', async ({ bench, page }) => {
  await bench.open();
  await bench.switchOn('Address');
  await bench.add('Address', 'tea', 'x'.repeat(8_000));
  await expect(bench.addForm('Address').getByRole('alert')).toContainText('No server has to take more than 8,000 (RFC 9110 §4.1). Shorten the value.');
  await expect(bench.addForm('Address').getByRole('textbox', { name: 'Value' })).toHaveValue(/^x{8000}$/);
  expect(query(page)).toBe('');
});
