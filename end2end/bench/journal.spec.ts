// The journal: what changed, and who changed it.
import { readFile } from 'node:fs/promises';
import { Bench, STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';

test('what this tab does stands in the journal, store by store', async ({ bench, page }) => {
  await bench.open();
  const journal = await bench.tool('Journal');
  await expect(journal).toContainText('Nothing has changed yet.');
  await bench.putAndWait('tea', 'green');
  for (const store of STORES) {
    await expect(bench.journalRow(store, 'lab-tea')).toContainText('new: green');
    await expect(bench.journalRow(store, 'lab-tea')).toContainText('this tab');
  }
  await bench.edit('localStorage', 'lab-tea', 'black');
  await expect(bench.journalRow('localStorage', 'lab-tea')).toContainText('green → black');
  await bench.delete('localStorage', 'lab-tea');
  await expect(bench.journalRow('localStorage', 'lab-tea')).toContainText('black → deleted');

  const times = journal.locator('time');
  await expect(times.first()).toHaveText(/^\d\d:\d\d:\d\d$/);
  const newest = await times.evaluateAll((times) => times.map((time) => time.getAttribute('datetime')!));
  expect(newest).toEqual([...newest].sort().reverse());
  expect(Math.abs(Date.now() - Date.parse(newest[0]!))).toBeLessThan(60_000);
  await expect(page.getByRole('main').getByRole('status')).toHaveCount(1);
});

test('each maker is told apart: another tab, the server, expiry, a script', async ({ bench, context, page }) => {
  await bench.open();
  await bench.tool('Journal');
  const other = await new Bench(await context.newPage()).open();
  await other.putAndWait('tea', 'green');
  for (const store of ['Cookies', 'localStorage', 'Server session']) {
    await expect(bench.journalRow(store, 'lab-tea')).toContainText('another tab');
  }
  await bench.listening();
  const form = { name: 'lab-tea', value: 'black' };
  await page.request.post('/api/values/put', { form, headers: { accept: 'application/json' } });
  await expect(bench.journalRow('Server session', 'lab-tea')).toContainText('green → black');
  await expect(bench.journalRow('Server session', 'lab-tea')).toContainText('the server');

  await page.evaluate(() => void (document.cookie = 'lab-short=1; Path=/; Max-Age=1'));
  await expect(bench.journalRow('Cookies', 'lab-short')).toContainText('unannounced: a script or the browser');
  await expect(bench.journalRow('Cookies', 'lab-short')).toContainText('1 → deleted');
  await expect(bench.journalRow('Cookies', 'lab-short')).toContainText('expiry');
});

test('another tab that is heard of late made the change all the same', async ({ bench, page }) => {
  await bench.open();
  await bench.tool('Journal');
  await page.evaluate(() => {
    localStorage.setItem('lab-tea', 'green');
    window.dispatchEvent(new Event('focus'));
  });
  const row = bench.journalRow('localStorage', 'lab-tea');
  await expect(row).toContainText('unannounced: a script or the browser');
  // As the browser tells it where the change was another tab's.
  await page.evaluate(() => {
    const told = { key: 'lab-tea', newValue: 'green', storageArea: localStorage };
    window.dispatchEvent(new StorageEvent('storage', told));
  });
  await expect(row).toContainText('another tab');
});

test('the journal is filtered by text, store and maker', async ({ bench }) => {
  await bench.open();
  const journal = await bench.tool('Journal');
  await bench.putAndWait('tea', 'green');
  await bench.putAndWait('cup', 'large');
  await expect(journal).toContainText('9 changes, the newest first.');
  const headers = journal.getByRole('rowheader');
  await journal.getByRole('searchbox').fill('GREEN');
  await expect(headers).toHaveText(Array<string>(4).fill('lab-tea'));
  await expect(journal).toContainText('4 of 9 changes');
  await journal.getByRole('combobox', { name: 'Store' }).selectOption('localStorage');
  await expect(headers).toHaveText(['lab-tea']);
  await journal.getByRole('combobox', { name: 'Who' }).selectOption('another tab');
  await expect(headers).toHaveCount(0);
  await expect(journal).toContainText('None of the 9 changes passes the filter.');
});

test('a paused journal counts what it holds back and shows it when it goes on', async ({ bench }) => {
  await bench.open();
  const journal = await bench.tool('Journal');
  await journal.getByRole('button', { name: 'Pause' }).click();
  await bench.putAndWait('tea', 'green');
  await expect(journal).toContainText('Paused; 5 changes meanwhile. Resume to see them.');
  await expect(journal.getByRole('rowheader')).toHaveCount(0);
  await journal.getByRole('button', { name: 'Resume' }).click();
  await expect(journal.getByRole('rowheader')).toHaveCount(5);
  await journal.getByRole('button', { name: 'Clear the journal' }).click();
  await expect(journal).toContainText('Nothing has changed yet.');
});

test('the journal is saved as JSON and as CSV, without what scripts cannot read', async ({ bench, page }) => {
  await bench.open();
  const journal = await bench.tool('Journal');
  await bench.add('localStorage', 'sum', '=1+"1"');
  await bench.add('Server session', 'tea', 'green');
  await expect(bench.journalRow('Cookies', '__Host-session')).toContainText('new: ••••••••');
  const saved = async (button: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), journal.getByRole('button', { name: button }).click()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  };
  const json = await saved('Export as JSON');
  expect(json.name).toBe('lab-journal.json');
  const changes = (JSON.parse(json.text) as { journal: Record<string, unknown>[] }).journal;
  expect(changes[0]).toMatchObject({ store: 'localStorage', entry: 'lab-sum', from: null, to: '=1+"1"', by: 'this tab' });
  expect(changes).toContainEqual(
    expect.objectContaining({ store: 'Cookies', entry: '__Host-session', to: '(not readable by scripts)' }));
  const csv = await saved('Export as CSV');
  expect(csv.name).toBe('lab-journal.csv');
  expect(csv.text.split('\r\n')[1]).toMatch(/^"[^"]+","localStorage","lab-sum","","'=1\+""1""","this tab"$/);
});

test('a line of the journal leads to the row it is about', async ({ bench, page }) => {
  await bench.open();
  const journal = await bench.tool('Journal');
  await bench.putAndWait('tea', 'green');
  await bench.putAndWait('cup', 'large');
  await bench.delete('localStorage', 'lab-cup');
  await bench.lacks('localStorage', 'lab-cup');
  const show = (store: string, name: string) => bench.journalRow(store, name).getByRole('button', { name: `Show ${name}` });
  await show('localStorage', 'lab-cup').click();
  await expect(bench.rowHeader('lab-cup')).toBeFocused();
  await expect(bench.row('lab-cup')).toBeInViewport();
  await bench.filter.fill('cup');
  await expect(bench.names()).toHaveText(['lab-cup']);
  await show('Cookies', 'lab-tea').click();
  await expect(bench.status).toHaveText('lab-tea does not meet the filter.');
  await bench.filter.fill('');
  await expect(bench.row('lab-tea')).toHaveCount(1);
  await bench.deleteEverywhere('lab-cup');
  await expect(bench.status).toHaveText('Deleted lab-cup everywhere.');
  await show('Cookies', 'lab-cup').click();
  await expect(bench.status).toHaveText('lab-cup is in no store that is shown.');
  await expect(journal).toBeVisible();
  expect(await page.evaluate(() => document.activeElement!.tagName)).not.toBe('BODY');
});

test('a line of the journal leads to its row among thousands', async ({ bench, page }) => {
  await bench.open();
  await bench.tool('Journal');
  await bench.add('localStorage', 'zebra', 'striped');
  await bench.shows('localStorage', 'lab-zebra', 'striped');
  await page.evaluate(() => {
    for (let at = 0; at < 1_000; at++) sessionStorage.setItem(`lab-${at}`, '1');
    window.dispatchEvent(new Event('focus'));
  });
  await bench.counts(1_001);
  await expect(bench.row('lab-zebra')).toHaveCount(0);
  await page.getByRole('tabpanel', { name: 'Journal' }).getByRole('searchbox').fill('zebra');
  await bench.journalRow('localStorage', 'lab-zebra').getByRole('button', { name: 'Show lab-zebra' }).click();
  await expect(bench.rowHeader('lab-zebra')).toBeFocused();
  await expect(bench.row('lab-zebra')).toBeInViewport();
});

test('a journal of thousands draws a hundred rows at a time', async ({ bench, context }) => {
  await bench.open();
  const journal = await bench.tool('Journal');
  const other = await context.newPage();
  await other.goto('/healthz');
  await other.evaluate(() => {
    for (let at = 0; at < 2_100; at++) localStorage.setItem(`lab-${at}`, String(at));
  });
  await expect(journal).toContainText('2,000 changes, the newest first.');
  await expect(journal.getByRole('rowheader')).toHaveCount(100);
  await journal.getByRole('button', { name: 'Show 100 more' }).click();
  await expect(journal.getByRole('rowheader')).toHaveCount(200);
});
