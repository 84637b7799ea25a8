// Scripts that fail: the page says so, once, and what the server sent stays.
import type { Page } from '@playwright/test';
import { SCRIPT_FAILED } from '../support/broken';
import { Experiment } from '../support/experiment';
import { expect, test } from '../support/fixtures';

const message = (page: Page) => page.getByRole('alert').filter({ hasText: SCRIPT_FAILED });

/** Throws an error that nobody handles, from a script of that address. */
async function fail(page: Page, script: string): Promise<void> {
  const told = page.waitForEvent('pageerror');
  await page.evaluate(`setTimeout(() => { throw new Error('broken on purpose'); });\n//# sourceURL=${script}`);
  await told;
}

/** The same by a promise. */
async function reject(page: Page, script: string): Promise<void> {
  const told = page.waitForEvent('pageerror');
  await page.evaluate(`void Promise.reject(new Error('broken on purpose'));\n//# sourceURL=${script}`);
  await told;
}

for (const [what, file] of [['script', /\/storage-lab\.js$/], ['program', /\/storage-lab\.wasm$/]] as const) {
  test(`without the app's ${what} the page says so, shows what the server sent, and a reload brings it to life`, async ({ bench, page, tolerate }) => {
    tolerate(/net::ERR_FAILED|Failed to fetch/);
    await page.route(file, (route) => route.abort());
    await page.goto('/');
    await expect(message(page)).toHaveCount(1);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('See where the web keeps things');
    await expect(bench.header('localStorage')).toContainText('Only scripts can read it');
    await page.unroute(file);
    await message(page).getByRole('button', { name: 'Reload' }).click();
    await bench.awake();
    await expect(message(page)).toHaveCount(0);
    await bench.putAndWait('tea', 'green');
  });
}

test('a page whose chunk does not come says so, stays readable, and its links lead on', async ({ page, tolerate }) => {
  tolerate(/net::ERR_FAILED|Failed to fetch/);
  await page.route(/split_experiments/, (route) => route.abort());
  await page.goto('/experiments/http-forgets');
  await new Experiment(page).choices.first().check();
  await expect(message(page)).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('HTTP forgets');
  await page.getByRole('article').getByRole('link', { name: 'Experiments' }).click();
  await expect(page).toHaveURL(/\/experiments$/);
  await page.getByRole('combobox', { name: 'Claim' }).focus();
  await expect(message(page)).toHaveCount(1);
  await page.unroute(/split_experiments/);
  await message(page).getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('link', { name: 'HTTP forgets' }).first().click();
  await expect(new Experiment(page).choices.first()).toBeEnabled();
  await expect(message(page)).toHaveCount(0);
});

test('a panic becomes a message, once, which can be dismissed', async ({ bench, page, tolerate }) => {
  tolerate(/unreachable|broken on purpose|closure invoked/);
  await bench.open();
  await page.evaluate(() => {
    const make = Document.prototype.createElement;
    Document.prototype.createElement = function (this: Document, name: string, ...rest: []) {
      if (name === 'table') throw new Error('broken on purpose');
      return make.call(this, name, ...rest);
    } as typeof make;
  });
  // A release build's panic has no text (script/build).
  const panic = page.waitForEvent('pageerror', (error) => error.message.includes('unreachable'));
  await page.getByRole('tab', { name: 'Wire view' }).click();
  await panic;
  await expect(message(page)).toHaveCount(1);
  await fail(page, `${new URL(page.url()).origin}/pkg/another.js`);
  await expect(message(page)).toHaveCount(1);
  await message(page).getByRole('button', { name: 'Dismiss' }).click();
  await expect(message(page)).toHaveCount(0);
});

for (const [how, break_] of [['error', fail], ['rejection', reject]] as const) {
  test(`an unhandled ${how} of the page's own is told, and one of a browser extension is not`, async ({ bench, page, tolerate }) => {
    tolerate(/broken on purpose/);
    await bench.open();
    for (const scheme of ['chrome', 'moz', 'safari-web']) await break_(page, `${scheme}-extension://abcdefgh/content.js`);
    await expect(message(page)).toHaveCount(0);
    await break_(page, `${new URL(page.url()).origin}/pkg/own.js`);
    await expect(message(page)).toHaveCount(1);
    await message(page).getByRole('button', { name: 'Reload' }).click();
    await expect(message(page)).toHaveCount(0);
    await bench.awake();
  });
}
