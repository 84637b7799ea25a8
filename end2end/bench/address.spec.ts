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
