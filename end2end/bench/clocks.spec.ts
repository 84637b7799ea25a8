// A browser whose clock is not the server's: a cookie ends by the one, a session by the other.
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

type Observed = { now: number; session: null | { expires_at: number } };

/** As a server whose clock is so many seconds ahead of the browser's. */
async function serverAhead(page: Page, seconds: number): Promise<void> {
  await page.route('/api/observe', async (route) => {
    const answer = await route.fetch();
    const seen = (await answer.json()) as Observed;
    seen.now += seconds;
    if (seen.session) seen.session.expires_at += seconds;
    await route.fulfill({ response: answer, json: seen });
  });
}

const TEN_MINUTES = /ends in (10 min|9 min \d+ s)/;

for (const [ahead, apart] of [[3_600, 'behind'], [-3_600, 'ahead of']] as const) {
  test(`a cookie ends by the browser’s clock that is an hour ${apart} the server’s, a session by the server’s`, async ({ bench, page }) => {
    await serverAhead(page, ahead);
    await bench.open();
    await bench.add('Server session', 'tea', 'green');
    await page.evaluate(() => void (document.cookie = 'lab-min=1; Max-Age=600'));
    const cookie = bench.cell('Cookies', 'lab-min');
    await expect(cookie).toContainText(TEN_MINUTES);
    await expect(cookie).toContainText(new RegExp(`by this browser's clock, (1 h|59 min \\d+ s) ${apart} the server's`));
    const session = bench.cell('Server session', 'lab-tea');
    await expect(session).toContainText(/ends in (30 min|29 min \d+ s)/);
    await expect(session).toContainText(/by the server's clock, (1 h|59 min \d+ s) (ahead of|behind) this browser's/);
  });
}

test('clocks that agree are not told of but where an entry is inspected', async ({ bench, page }) => {
  await serverAhead(page, 3);
  await bench.open();
  await page.evaluate(() => void (document.cookie = 'lab-min=1; Max-Age=600'));
  await expect(bench.cell('Cookies', 'lab-min')).toContainText(TEN_MINUTES);
  await expect(bench.cell('Cookies', 'lab-min')).not.toContainText('clock');
  await expect(await bench.inspect('lab-min', 'Cookies')).toContainText("This browser's clock decides.");
});

test('a session that ends by the server’s clock has expired, whatever the browser’s clock says', async ({ bench, page }) => {
  await serverAhead(page, 7_200);
  await bench.open();
  await bench.add('Server session', 'tea', 'green');
  await expect(bench.cell('Server session', 'lab-tea')).toContainText('green');
  // Its time has come there: in an hour and a half by the browser's clock.
  await page.unroute('/api/observe');
  await page.route('/api/observe', async (route) => {
    const answer = await route.fetch();
    const seen = (await answer.json()) as Observed & { cookies: unknown[] };
    await route.fulfill({ response: answer, json: { ...seen, now: seen.now + 9_100, session: null } });
  });
  // A cookie that has changed makes the page ask the server.
  await page.evaluate(() => void (document.cookie = 'lab-short=1'));
  await bench.lacks('Server session', 'lab-tea');
  await bench.tool('Journal');
  await expect(bench.journalRow('Server session', 'lab-tea')).toContainText('expiry');
});

test('an HttpOnly cookie that is put back lives as long as it did, whatever the server’s clock says', async ({ bench, context, page }) => {
  await bench.open();
  await bench.choose('Cookies', 'Cookie with attributes');
  const form = page.getByRole('form', { name: 'Cookie with attributes' });
  await form.getByRole('combobox', { name: 'Set it through' }).selectOption('http');
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('tea');
  await form.getByRole('textbox', { name: 'Max-Age' }).fill('600');
  await form.getByRole('checkbox', { name: 'HttpOnly' }).check();
  await form.getByRole('button', { name: 'Try it' }).click();
  await expect(bench.status).toHaveText('The browser kept lab-tea.');
  const [before] = await context.cookies();
  await bench.delete('Cookies', 'lab-tea');
  // Browsers correct a date by the `Date` of the answer that it came with.
  await page.route('/lab/cookie', async (route) => {
    const answer = await route.fetch();
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    await route.fulfill({ response: answer, headers: { ...answer.headers(), date } });
  });
  await expect(bench.status).toHaveText(/^Deleted/);
  await bench.button('Undo').click();
  await expect(bench.status).toHaveText(/^Undone/);
  const [after] = await context.cookies();
  expect(Math.abs(after!.expires - before!.expires)).toBeLessThan(5);
});
