// The bench without one of its chunks, and without a connection: each part says so, and works again afterwards.
import type { Bench } from '../support/bench';
import { SCRIPT_FAILED } from '../support/broken';
import { expect, test } from '../support/fixtures';
import { openAwake } from '../support/pages';
import { logIn, logInOnPage } from '../support/people';
import { Matrix } from '../support/survival';
import type { Locator, Page } from '@playwright/test';

const CHUNK = /split_tools/;
const UNFETCHED = 'This part could not be fetched. Check the connection.';
const NO_ANSWER = 'The server did not answer. Check the connection and try again.';
const TOOLS = ['Survival', 'Wire view', 'Journal', 'Measure my limits', 'Textbook and here', 'Snapshot'];

test.afterEach(async ({ page }) => {
  await expect(page.getByRole('alert').filter({ hasText: SCRIPT_FAILED })).toHaveCount(0);
});

test.describe('without the chunk of the tools', () => {
  test.beforeEach(async ({ bench, page, tolerate }) => {
    tolerate(/net::ERR_FAILED|Failed to fetch/);
    await page.route(CHUNK, (route) => route.abort());
    await bench.open();
  });

  test('each tool says so and can be asked for again', async ({ bench, page }) => {
    for (const tool of TOOLS) {
      const panel = await bench.tool(tool);
      await expect(panel.getByRole('alert')).toHaveText(UNFETCHED);
      await page.unroute(CHUNK);
      if (tool === TOOLS.at(-1)) {
        await panel.getByRole('button', { name: 'Try again' }).click();
        await expect(panel.getByRole('heading', { name: 'Take a snapshot' })).toBeVisible();
      } else {
        await page.route(CHUNK, (route) => route.abort());
        await panel.getByRole('button', { name: 'Try again' }).click();
        await expect(panel.getByRole('alert')).toHaveText(UNFETCHED);
      }
    }
  });

  const PARTS: [string, (page: Page) => Promise<Locator>, string][] = [
    ['the list of keys', async (page) => {
      await page.getByRole('button', { name: 'Keys' }).click();
      return page.getByRole('dialog', { name: 'Keys' });
    }, 'to the name of a new value'],
    ['the tour', async (page) => {
      await page.getByRole('button', { name: 'Show the tour' }).click();
      return page.getByRole('main');
    }, 'Step 1 of 5'],
    ['the reset', async (page) => {
      await page.getByRole('button', { name: 'Reset the lab' }).click();
      return page.getByRole('main');
    }, 'Removes every entry named'],
  ];
  for (const [what, ask, words] of PARTS) {
    test(`${what} says so and comes when it is asked for again`, async ({ page }) => {
      const part = await ask(page);
      await expect(part.getByRole('alert').filter({ hasText: UNFETCHED })).toBeVisible();
      await page.unroute(CHUNK);
      await part.getByRole('button', { name: 'Try again' }).click();
      await expect(part).toContainText(words);
      await expect(part.getByText(UNFETCHED)).toHaveCount(0);
    });
  }

  test('an entry in full says so and comes when it is asked for again', async ({ bench, page }) => {
    await bench.putAndWait('tea', 'green');
    await bench.inspectButton('lab-tea').click();
    const dialog = bench.inspector('lab-tea');
    await expect(dialog.getByRole('alert')).toHaveText(UNFETCHED);
    await page.unroute(CHUNK);
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await expect(dialog).toContainText('green');
  });

  test('putting, editing and deleting work', async ({ bench }) => {
    await bench.putAndWait('tea', 'green');
    await bench.edit('localStorage', 'lab-tea', 'black');
    await bench.shows('localStorage', 'lab-tea', 'black');
    await bench.delete('sessionStorage', 'lab-tea');
    await bench.lacks('sessionStorage', 'lab-tea');
  });
});

test.describe('without the chunk that writes', () => {
  const EDIT = /split_edit/;
  const TOLD = 'A part of the page could not be fetched. Check the connection and try again.';
  test.beforeEach(async ({ bench, page, tolerate }) => {
    tolerate(/net::ERR_FAILED|Failed to fetch/);
    await page.route(EDIT, (route) => route.abort());
    await page.addInitScript(() => localStorage.setItem('lab-tea', 'green'));
    await bench.open();
  });

  test('nothing is put, the form says why and keeps what was typed, and it is put when it is asked for again', async ({ bench, page }) => {
    await bench.put('cup', 'large');
    await expect(bench.status).toHaveText('No store took lab-cup.');
    await expect(bench.valueField).toHaveAccessibleDescription(/could not be fetched/);
    await expect(bench.nameField).toHaveValue('cup');
    await page.unroute(EDIT);
    await bench.putAndWait('cup', 'large');
    await expect(bench.valueField).not.toHaveAccessibleDescription(/could not be fetched/);
  });

  test('a value without a name is asked for its name, and stays as it was typed', async ({ bench }) => {
    await bench.valueField.fill('large');
    await bench.button('Put in all four').click();
    await expect(bench.nameField).toHaveAccessibleDescription(/Give it a name\./);
    await expect(bench.valueField).not.toHaveAccessibleDescription(/could not be fetched/);
    await expect(bench.status).toHaveText('');
    await expect(bench.valueField).toHaveValue('large');
  });

  const ASKS: [string, (bench: Bench) => Promise<void>, (bench: Bench) => Promise<void>][] = [
    ['an edit', (bench) => bench.inCell('Edit', 'localStorage', 'lab-tea').click(), async (bench) => {
      await expect(bench.cell('localStorage', 'lab-tea').getByRole('textbox')).toHaveValue('green');
    }],
    ['a deletion', (bench) => bench.delete('localStorage', 'lab-tea'), (bench) => bench.lacks('localStorage', 'lab-tea')],
    ['a filter', (bench) => bench.filter.fill('nothing'), async (bench) => {
      // What is typed further is what asks again.
      await bench.filter.fill('nothing at all');
      await expect(bench.names()).toHaveCount(0);
    }],
    ['the menu of a column', (bench) => bench.menuButton('Cookies').click(), async (bench) => {
      await expect(bench.page.getByRole('button', { name: 'Cookie with attributes' })).toBeVisible();
    }],
  ];
  for (const [what, ask, done] of ASKS) {
    test(`${what} says what it lacks, and is done when it is asked for again`, async ({ bench, page }) => {
      await ask(bench);
      await expect(bench.status).toHaveText(TOLD);
      await page.unroute(EDIT);
      await ask(bench);
      await done(bench);
    });
  }
});

test.describe('without a connection', () => {
  test.beforeEach(async ({ bench, tolerate }) => {
    tolerate(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch/);
    await bench.open();
    await bench.putAndWait('tea', 'green');
    // The chunk is there before the connection goes.
    await bench.tool('Wire view');
    await expect(bench.page.getByRole('heading', { name: 'Wire view' })).toBeVisible();
  });

  test('an edit and a deletion on the server say so, and are done when it is back', async ({ bench, context }) => {
    await context.setOffline(true);
    await bench.edit('Server session', 'lab-tea', 'black');
    const row = bench.cell('Server session', 'lab-tea');
    await expect(row.getByRole('alert')).toHaveText(NO_ANSWER);
    await expect(row.getByRole('textbox', { name: 'Value of lab-tea' })).toHaveValue('black');
    await context.setOffline(false);
    await row.getByRole('button', { name: 'Save' }).click();
    await bench.shows('Server session', 'lab-tea', 'black');
    await context.setOffline(true);
    await bench.delete('Server session', 'lab-tea');
    await expect(bench.status).toHaveText(NO_ANSWER);
    await bench.shows('Server session', 'lab-tea', 'black');
    await context.setOffline(false);
    await bench.delete('Server session', 'lab-tea');
    await bench.lacks('Server session', 'lab-tea');
  });

  test('the wire view says so, and shows requests when it is back', async ({ bench, context }) => {
    const panel = await bench.tool('Wire view');
    await context.setOffline(true);
    await panel.getByRole('button', { name: 'Send a request now' }).click();
    await expect(bench.status).toHaveText(NO_ANSWER);
    await expect(panel.getByRole('alert')).toHaveText(NO_ANSWER);
    await context.setOffline(false);
    await panel.getByRole('button', { name: 'Send a request now' }).click();
    await expect(bench.status).toHaveText(/^The request arrived with/);
    await expect(panel.getByRole('alert')).toBeHidden();
  });

  test('the matrix says why an event was not tried, and tries it when it is back', async ({ context, page }) => {
    const matrix = await new Matrix(page).open();
    await context.setOffline(true);
    await matrix.start('frame of the other site');
    await expect(matrix.row('frame of the other site')).toContainText(/Check the connection/, { timeout: 20_000 });
    await expect(matrix.row('frame of the other site').getByText('not tried yet')).toHaveCount(5);
    await context.setOffline(false);
    await matrix.start('request with credentials');
    await matrix.says('request with credentials', ['reached', 'reached', 'did not reach', 'did not reach', 'reached']);
  });

  test('the textbook leaves open what only the server can tell', async ({ bench, context }) => {
    const panel = await bench.tool('Textbook and here');
    await panel.getByRole('checkbox', { name: /^Look from another tab/ }).uncheck();
    await context.setOffline(true);
    await panel.getByRole('button', { name: 'Measure now' }).click();
    await expect(panel).toContainText(/Measured: \d+ as printed/, { timeout: 20_000 });
    const session = panel.getByRole('row').filter({ hasText: 'Expires' }).getByRole('cell').last();
    await expect(session).toContainText('The server did not say what it received. Check the connection and measure again.');
    await expect(panel).not.toContainText('There is no session yet.');
    await context.setOffline(false);
    await panel.getByRole('button', { name: 'Measure now' }).click();
    await expect(session).toContainText('if nothing more is asked of it', { timeout: 20_000 });
  });

  test('limits, journal and snapshot need no server', async ({ bench, context, page }) => {
    await context.setOffline(true);
    const limits = await bench.tool('Measure my limits');
    await limits.getByRole('button', { name: 'Measure' }).click();
    await expect(bench.status).toHaveText('Measured: the meters and the tables use it from now on.', { timeout: 40_000 });
    await bench.edit('localStorage', 'lab-tea', 'black');
    await bench.tool('Journal');
    await expect(bench.journalRow('localStorage', 'lab-tea')).toContainText('green → black');
    const panel = await bench.tool('Snapshot');
    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Save snapshot' }).click();
    await download;
    await expect(bench.status).toHaveText('Saved the snapshot as a file.');
  });

  test('a snapshot says which values the server did not take, and a second try restores them', async ({ bench, context }) => {
    const panel = await bench.tool('Snapshot');
    const stores = [
      { store: 'local_storage', entries: [{ name: 'lab-cup', value: 'large' }] },
      { store: 'server_session', entries: [{ name: 'lab-cup', value: 'small' }] },
    ];
    const restore = async () => {
      await panel.getByRole('textbox', { name: 'Or paste it here' }).fill(JSON.stringify({ schema: 'storage-lab-snapshot/1', stores }));
      await panel.getByRole('button', { name: 'Look at it' }).click();
      await panel.getByRole('button', { name: /^Restore/ }).click();
    };
    await context.setOffline(true);
    await restore();
    await expect(panel).toContainText(`lab-cup in Server session. Refused: ${NO_ANSWER}`);
    await bench.shows('localStorage', 'lab-cup', 'large');
    await context.setOffline(false);
    await restore();
    await bench.shows('Server session', 'lab-cup', 'small');
  });
});

test('the log-in form says that the server did not answer, keeps what was typed, and logs in when it is back', async ({ context, page, tolerate, user }) => {
  tolerate(/net::ERR_INTERNET_DISCONNECTED/);
  await openAwake(page, '/login');
  await context.setOffline(true);
  await logInOnPage(page, user);
  await expect(page.getByRole('main').getByRole('alert').filter({ hasText: NO_ANSWER })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Username' })).toHaveValue(user.username);
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
});

test('logging out without a connection says that one is still logged in', async ({ bench, context, page, tolerate, user }) => {
  // The first click fetches ahead what the bench will need.
  tolerate(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  await logIn(page.request, user);
  await bench.open();
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('banner').getByRole('alert')).toHaveText(`You are still logged in. ${NO_ANSWER}`);
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
});
