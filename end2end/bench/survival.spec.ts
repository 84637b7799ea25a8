// Survival: each row is held against what the browser itself and the raw requests say of the markers.
import type { Page } from '@playwright/test';
import { QUOTA_MANAGED } from '../support/bench';
import { PlainBrowser } from '../support/browser';
import { expect, FIREFOX, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { logIn } from '../support/people';
import { COLUMNS, MARKERS, Matrix, markersIn } from '../support/survival';

const ALL = (outcome: string) => COLUMNS.map(() => outcome);
const KEPT = ALL('kept');

/** What the browser holds is the evidence's marker where the row says so, and no marker elsewhere. */
async function holdsWhatItSays(matrix: Matrix, event: string, outcomes: string[]): Promise<void> {
  await matrix.says(event, outcomes);
  const markers = await matrix.markers(event);
  const expected = markers.map((marker, index) => (outcomes[index] === 'kept' ? marker : undefined));
  expect(await markersIn(matrix.page)).toEqual(expected);
}

for (const event of ['reload', 'navigate away and come back']) {
  test(`${event}: every store keeps its marker`, { tag: '@databases' }, async ({ bench, page }) => {
    const visited: string[] = [];
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) visited.push(new URL(request.url()).pathname);
    });
    await bench.open();
    const matrix = await new Matrix(page).open();
    await matrix.start(event);
    await holdsWhatItSays(matrix, event, KEPT);
    expect(visited).toEqual(event === 'reload' ? ['/', '/'] : ['/', '/lab/away', '/']);
    const { 'The page came back': cameBack } = await matrix.evidence(event, 'sessionStorage');
    expect(cameBack).toBe(event === 'reload' ? 'by a reload' : 'by a link or the address bar');
  });
}

test('a tab gets a copy of sessionStorage only from its opener, and everything else in any case', async ({ bench, context, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  for (const [event, features, sessionStorage] of [
    ['new tab with opener', '', 'reached'],
    ['new tab without opener', 'noopener', 'did not reach'],
    ['new window', 'popup,width=300', 'reached'],
  ] as const) {
    await matrix.start(event);
    await matrix.says(event, ['reached', 'reached', sessionStorage, 'reached', 'reached']);
    // A tab that the test itself opens in the same way.
    const opened = context.waitForEvent('page');
    await page.evaluate((features) => void window.open('/login', '_blank', features), features);
    const tab = await opened;
    await tab.waitForLoadState();
    const markers = await matrix.markers(event);
    const expected = markers.map((marker, index) => (COLUMNS[index] === 'sessionStorage' && sessionStorage !== 'reached' ? undefined : marker));
    expect(await markersIn(tab)).toEqual(expected);
    await tab.close();
  }
});

test('a request carries the cookies when it may, and the two storages never', async ({ bench, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  for (const [event, credentials, outcomes] of [
    ['request with credentials', 'include', ['reached', 'reached', 'did not reach', 'did not reach', 'reached']],
    ['request without credentials', 'omit', ALL('did not reach')],
  ] as const) {
    // The reader's own request, as the browser sent it: the second one, the first reads before the event.
    const sent = page.waitForRequest(
      (request) => request.url().endsWith('/lab/markers') && request.frame().url().includes(`credentials=${credentials}`),
    );
    await matrix.start(event);
    const headers = Object.entries(await (await sent).allHeaders());
    await matrix.says(event, [...outcomes]);
    const markers = await matrix.markers(event);
    for (const [index, marker] of markers.entries()) {
      if (COLUMNS[index] === 'Server session') continue;
      const carried = headers.some(([, value]) => value.includes(marker));
      expect(carried, `${event}, ${COLUMNS[index]}`).toBe(outcomes[index] === 'reached');
    }
    expect(headers.some(([name, value]) => name === 'cookie' && value.includes('__Host-session='))).toBe(credentials === 'include');
  }
});

test('a frame of this site inside the other site, and one of the other site, get nothing', async ({ baseURL }, testInfo) => {
  const browser = await PlainBrowser.start(testInfo.outputPath('profile'));
  const page = await browser.context.newPage();
  await page.goto(baseURL!);
  const matrix = await new Matrix(page).open();
  for (const event of ['frame of this site inside the other site', 'frame of the other site']) {
    await matrix.start(event);
    await matrix.says(event, ALL('did not reach'));
  }
  // The same frame, looked into by the test.
  const other = baseURL!.replace('localhost', '127.0.0.1');
  await page.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), `${other}/lab/embed?report=a1`);
  const inner = () => page.frames().find((frame) => frame.url().startsWith(`${baseURL}/lab/reader`));
  await expect.poll(inner).toBeDefined();
  const found = await inner()!.evaluate(() => [document.cookie, Object.keys(sessionStorage), Object.keys(localStorage)]);
  expect(found).toEqual(['', [], []]);
  expect((await markersIn(page)).every((marker) => marker)).toBe(true);
  await browser.quit();
});

test('a store that the browser denies a frame is told as such, not as empty', { tag: '@whole-browser' }, async ({ bench, page }) => {
  // Without partitioned storage, as in these tests' contexts, Chromium denies it to frames of another site.
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.start('frame of the other site');
  await matrix.says('frame of the other site', ['did not reach', 'did not reach', 'could not be read', 'could not be read', 'did not reach']);
  const { After } = await matrix.evidence('frame of the other site', 'localStorage');
  expect(After).toContain('Scripts: could not be read, the browser denies this place the store.');
});

test('only the cookie whose Max-Age passes is gone after waiting', async ({ bench, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.start('wait for expiry');
  await expect(matrix.panel).toContainText(/The cookie ends in \d s/);
  await holdsWhatItSays(matrix, 'wait for expiry', ['kept', 'lost', 'kept', 'kept', 'kept']);
});

for (const [kind, outcomes] of [
  ['cookies', ['lost', 'lost', 'kept', 'kept', 'lost']],
  ['storage', ['kept', 'kept', 'lost', 'lost', 'kept']],
  ['cache', KEPT],
  ['everything', ALL('lost')],
] as const) {
  test(`Clear-Site-Data of ${kind} clears what it says, after a warning`, async ({ bench, page }) => {
    await bench.open();
    const matrix = await new Matrix(page).open();
    await bench.add('localStorage', 'tea', 'green');
    await bench.shows('localStorage', 'lab-tea', 'green');
    const event = `Clear-Site-Data: ${kind}`;
    await matrix.button(`Try ${event}`).click();
    await expect(matrix.dialog.getByRole('heading')).toHaveText(`Try ${event}?`);
    await expect(matrix.dialog).toContainText(/This (removes|empties)/);
    const answer = page.waitForResponse('**/lab/clear-site-data');
    await matrix.dialog.getByRole('button', { name: 'Go on' }).click();
    const header = await (await answer).headerValue('clear-site-data');
    expect(header).toBe(kind === 'everything' ? '"*"' : `"${kind}"`);
    await holdsWhatItSays(matrix, event, [...outcomes]);
    // The bench follows.
    if (outcomes[3] === 'lost') await bench.lacks('localStorage', 'lab-tea');
    else await bench.shows('localStorage', 'lab-tea', 'green');
  });
}

test('logging out takes the server session and nothing else', async ({ bench, page, user }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.start('log out');
  await expect(matrix.row('log out')).toContainText('Log in first');
  await expect(matrix.row('log out').getByRole('link', { name: 'Log in' })).toBeVisible();

  await logIn(page.request, user);
  await page.reload();
  await bench.awake();
  await matrix.open();
  await matrix.start('log out');
  await holdsWhatItSays(matrix, 'log out', ['kept', 'kept', 'kept', 'kept', 'lost']);
  await expect(page.getByRole('link', { name: 'Log in' }).first()).toBeVisible();
});

test('the further stores take part once they are switched on', async ({ bench, page }) => {
  const names = { IndexedDB: 'lab-trial-indexed-db', 'Cache Storage': 'lab-trial-cache-storage', OPFS: 'lab-trial-opfs' };
  await bench.open();
  await bench.switchOn(...QUOTA_MANAGED);
  const matrix = await new Matrix(page).open();
  for (const [event, outcome] of [['reload', 'kept'], ['Clear-Site-Data: storage', 'lost']] as const) {
    await matrix.start(event);
    for (const store of QUOTA_MANAGED) {
      await expect(matrix.cell(event, store)).toHaveAccessibleName(`${event}, ${store}: ${outcome}`, { timeout: 20_000 });
      const marker = (await contents(page, store))[names[store]];
      if (outcome === 'lost') expect(marker).toBeUndefined();
      else expect(marker).toMatch(/^trial-[0-9a-f]{16}$/);
    }
  }
  await matrix.start('wait for expiry');
  await expect(matrix.cell('wait for expiry', 'OPFS')).toBeVisible({ timeout: 20_000 });
  await matrix.button('End the trial').click();
  await expect(bench.status).toContainText('The trial has ended');
  for (const store of QUOTA_MANAGED) expect(await contents(page, store)).toEqual({});
});

/** Follows the steps of an event that people carry out, up to the link that leads back. */
async function linkBack(matrix: Matrix, event: string): Promise<string> {
  await matrix.start(event);
  const link = matrix.panel.getByRole('listitem').locator('code');
  await expect(link).toHaveText(/\/\?trial=[\w-]{22}$/);
  expect(await link.innerText()).toBe(matrix.page.url());
  return link.innerText();
}

test('closing the tab takes sessionStorage', { tag: '@databases' }, async ({ bench, context, page }) => {
  const event = 'close the tab and come back';
  await bench.open();
  const link = await linkBack(await new Matrix(page).open(), event);
  await page.close();
  const again = await context.newPage();
  await again.goto(link);
  const matrix = new Matrix(again);
  await expect(matrix.panel).toContainText('You are back. Was the tab closed?');
  await matrix.button('Yes, record it').click();
  await holdsWhatItSays(matrix, event, ['kept', 'kept', 'lost', 'kept', 'kept']);
});

for (const [title, flags, outcomes] of [
  ['takes session cookies, and with them the way to the server session', [], ['lost', 'kept', 'lost', 'kept', 'lost']],
  ['takes nothing when the browser restores its last session', ['--restore-last-session'], KEPT],
] as const) {
  test(`restarting the browser ${title}`, async ({ baseURL }, testInfo) => {
    const event = 'restart the browser';
    const profile = testInfo.outputPath('profile');
    const before = await PlainBrowser.start(profile);
    const page = await before.context.newPage();
    await page.goto(baseURL!);
    const link = await linkBack(await new Matrix(page).open(), event);
    await before.quit();

    const restores = flags.length > 0;
    const after = await PlainBrowser.start(profile, flags, restores ? link : undefined);
    const restored = after.context.pages().find((page) => page.url() === link);
    expect(restored !== undefined).toBe(restores);
    const again = restored ?? (await after.context.newPage());
    await again.bringToFront();
    if (!restores) await again.goto(link);
    const matrix = new Matrix(again);
    await matrix.button('Yes, record it').click();
    await holdsWhatItSays(matrix, event, [...outcomes]);
    await after.quit();
  });
}

test('all that need no leaving run one after the other, and can be stopped', async ({ bench, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.button('Run all that need no leaving').click();
  await expect(matrix.panel.getByRole('progressbar', { name: 'Events tried' })).toBeVisible();
  await expect(bench.status).toHaveText('Tried all 8 events that need no leaving.', { timeout: 40_000 });
  await expect(matrix.cell('wait for expiry', 'localStorage')).toBeVisible();
  await expect(matrix.button('Try reload')).toBeEnabled();

  await matrix.button('Run all that need no leaving').click();
  await matrix.button('Cancel').click();
  await expect(matrix.panel.getByRole('progressbar')).toBeHidden();
  await expect(matrix.button('Try reload')).toBeEnabled({ timeout: 20_000 });
});

test('a trial goes on from its link, and its end leaves nothing behind', async ({ bench, browser, baseURL, context, page, tolerate }) => {
  tolerate(/status of 404/);
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.start('request with credentials');
  await expect(matrix.cell('request with credentials', 'localStorage')).toBeVisible();
  await expect(page).toHaveURL(/\/\?trial=[\w-]{22}$/);
  const link = page.url();

  const elsewhere = await browser.newContext({ baseURL });
  const there = await elsewhere.newPage();
  await there.goto(link);
  await expect(new Matrix(there).cell('request with credentials', 'localStorage')).toBeVisible();

  await matrix.button('End the trial').click();
  await expect(bench.status).toContainText('The trial has ended');
  await expect(page).toHaveURL('/');
  expect(await markersIn(page)).toEqual(COLUMNS.map(() => undefined));
  const names = (await context.cookies()).map(({ name }) => name);
  expect(names.filter((name) => Object.values(MARKERS).includes(name))).toEqual([]);
  await there.reload();
  await expect(there.getByRole('main').getByRole('status')).toContainText('There is no such trial');
  await elsewhere.close();
});

test('what cannot be tried says why and leaves everything usable', async ({ bench, page, tolerate }) => {
  tolerate(/status of 503/);
  await page.addInitScript(() => (window.open = () => null));
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.start('new window');
  await matrix.button('Open the window').click();
  await expect(matrix.row('new window')).toContainText('The browser opened no window.');

  await page.route('**/lab/markers', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), other_site: null } });
  });
  await matrix.start('frame of the other site');
  await expect(matrix.row('frame of the other site')).toContainText('This lab answers under one name only.');

  await page.route('**/api/trial/save', (route) => route.fulfill({ status: 503, json: { error: 'unavailable' } }));
  await matrix.start('reload');
  await expect(matrix.row('reload')).toContainText('cannot reach its database');
  await page.unroute('**/api/trial/save');
  await matrix.start('reload');
  await matrix.says('reload', KEPT);
});

/** The link that "Share" offers. */
const sharedLink = (matrix: Matrix) => matrix.panel.getByRole('region', { name: 'Share' }).locator('code').innerText();

async function compareWith(matrix: Matrix, pasted: string): Promise<void> {
  const form = matrix.panel.getByRole('form', { name: 'Compare' });
  await form.getByRole('textbox', { name: 'Another browser’s link or JSON' }).fill(pasted);
  await form.getByRole('button', { name: 'Compare', exact: true }).click();
}

test('a matrix is shared by a link without values and compared with another browser’s', async ({ bench, browser, baseURL, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.start('request with credentials');
  await expect(matrix.cell('request with credentials', 'localStorage')).toBeVisible();
  const link = await sharedLink(matrix);
  expect(link).toMatch(/\/\?matrix=chrome-\d+\.frrmmr---$/);

  // Who gets the link sees it at once, and what came out there beside it once something is tried.
  const elsewhere = await browser.newContext({ baseURL });
  const there = new Matrix(await elsewhere.newPage());
  await there.page.goto(link.replace('chrome-', 'firefox-').replace('.frrmmr', '.fmrmmr'));
  await expect(there.row('request with credentials')).toContainText(/Firefox \d+: → reached/);
  await there.start('request with credentials');
  await expect(there.cell('request with credentials', 'Session cookie')).toHaveAccessibleName(
    /^request with credentials, Session cookie: reached; Firefox \d+: did not reach, differs$/,
  );
  await expect(there.row('request with credentials').getByText('differs')).toHaveCount(1);
  await there.panel.getByRole('button', { name: /^Stop comparing with Firefox/ }).click();
  await expect(there.row('request with credentials')).not.toContainText('Firefox');
  await elsewhere.close();

  await compareWith(matrix, 'not a link');
  await expect(matrix.panel.getByRole('alert')).toContainText('neither a link to a matrix nor its JSON');
});

test('a trial’s link opened in another browser is compared with, not gone on with', async ({ bench, browser, baseURL, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.start('request without credentials');
  await expect(matrix.cell('request without credentials', 'localStorage')).toBeVisible();
  await expect(page).toHaveURL(/\/\?trial=[\w-]{22}$/);

  const elsewhere = await browser.newContext({ baseURL, userAgent: FIREFOX });
  const there = new Matrix(await elsewhere.newPage());
  await there.page.goto(page.url());
  await expect(there.row('request without credentials')).toContainText(/Chrome \d+: ⊘ did not reach/);
  await expect(there.page).toHaveURL('/');
  await expect(there.button('End the trial')).toBeHidden();
  await there.start('request without credentials');
  await expect(there.page).toHaveURL(/\/\?trial=[\w-]{22}$/);
  expect(there.page.url()).not.toBe(page.url());
  await elsewhere.close();
});

async function download(page: Page, name: string): Promise<string> {
  const file = page.waitForEvent('download');
  await page.getByRole('link', { name, exact: true }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await file).createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test('a matrix is handed on as Markdown, as JSON that can be compared, and as an image', async ({ bench, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.start('request without credentials');
  await expect(matrix.cell('request without credentials', 'localStorage')).toBeVisible();

  const markdown = (await download(page, 'Markdown')).split('\n');
  expect(markdown[0]).toMatch(/^\| Chrome \d+ \| Session cookie \| Cookie with Max-Age \|/);
  expect(markdown[2]).toBe(`| request without credentials | ${ALL('did not reach').join(' | ')} |`);

  const image = await download(page, 'Image');
  const shown = await page.evaluate((text) => new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.textContent, image);
  expect(shown).toContain('request without credentials');
  expect(shown).toContain('⊘ did not reach');

  const json = await download(page, 'JSON, with the evidence');
  expect(JSON.parse(json).runs[0]).toMatchObject({ event: 'request_without' });
  await compareWith(matrix, json);
  await expect(bench.status).toHaveText(/^Compared with Chrome \d+\.$/);
  await expect(matrix.cell('request without credentials', 'localStorage')).toHaveAccessibleName(/did not reach; Chrome \d+: did not reach$/);
});

test('the matrix is worked with the keyboard alone', async ({ bench, page }) => {
  await bench.open();
  const matrix = await new Matrix(page).open();
  await matrix.button('Try request with credentials').focus();
  await page.keyboard.press('Enter');
  const cell = matrix.cell('request with credentials', 'Session cookie');
  await expect(cell).toBeVisible();
  await expect(matrix.button('Try request with credentials')).toBeEnabled();
  await cell.focus();
  await page.keyboard.press('Enter');
  await expect(matrix.dialog.getByRole('heading')).toHaveText('request with credentials, Session cookie: reached');
  await page.keyboard.press('Escape');
  await expect(matrix.dialog).toBeHidden();
  await expect(cell).toBeFocused();
});
