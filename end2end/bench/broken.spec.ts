// The bench in a browser that denies it all storage, or has no room: each tool says what is wrong, and none pretends.
import { readFileSync } from 'node:fs';
import { Bench, QUOTA_MANAGED } from '../support/bench';
import { denyChannels, denyStorage, leaveNoRoom, SCRIPT_FAILED } from '../support/broken';
import { CookieForm } from '../support/cookie-form';
import { expect, test } from '../support/fixtures';
import { Matrix } from '../support/survival';

const THREE = ['Cookies', 'sessionStorage', 'localStorage'] as const;
const DENIED = 'The browser denies this page the store. Check its settings for this site.';
const NO_ROOM = /The browser has no room for .*\(QuotaExceededError\)\. Delete something or shorten the value\./;
const DROPPED = 'The browser did not keep it. Cookies may be blocked for this site; check the browser\'s settings.';

/** Opens a bench whose stores may be out of reach. */
async function open(bench: Bench): Promise<void> {
  await bench.page.goto('/');
  await expect(bench.page.getByRole('main')).toContainText('Live: what other tabs change');
}

test.afterEach(async ({ page }) => {
  await expect(page.getByRole('alert').filter({ hasText: SCRIPT_FAILED })).toHaveCount(0);
});

test.describe('where scripts are denied all storage', () => {
  test.beforeEach(async ({ bench, context }) => {
    await denyStorage(context);
    await open(bench);
  });

  test('the columns say so instead of showing nothing, and the server session works', async ({ bench }) => {
    for (const store of THREE) {
      await expect(bench.header(store)).toContainText('Not readable here');
      await expect(await bench.menu(store)).toContainText(DENIED);
      await bench.page.keyboard.press('Escape');
    }
    await expect(bench.header('Server session')).toContainText('0 of 65,536 bytes');
    await expect(bench.header('Server session')).not.toContainText('Not readable here');
    await bench.put('tea', 'green');
    await expect(bench.status).toHaveText('1 of four stores took lab-tea; the form says why the others did not.');
    for (const store of THREE) await expect(bench.valueField).toHaveAccessibleDescription(new RegExp(`${store}: ${DENIED}`));
    await bench.edit('Server session', 'lab-tea', 'black');
    await bench.shows('Server session', 'lab-tea', 'black');
    await bench.delete('Server session', 'lab-tea');
    await bench.lacks('Server session', 'lab-tea');
  });

  test('each column refuses a new entry with the reason, those that are switched on as well', async ({ bench }) => {
    for (const store of THREE) {
      await bench.add(store, 'tea', 'green');
      await expect(bench.addForm(store).getByRole('alert')).toHaveText(DENIED);
    }
    for (const store of QUOTA_MANAGED) {
      await bench.columnSwitch(store).click();
      await expect(bench.status).toHaveText(`${store}: This browser denies this page the store: private windows often do.`);
      await bench.add(store, 'tea', 'green');
      await expect(bench.addForm(store).getByRole('alert')).toContainText('denies this page the store');
    }
  });

  test('a cookie with attributes is refused with the reason', async ({ bench }) => {
    const form = await CookieForm.open(bench);
    await form.fill({ Name: 'tea', Value: 'green' }, 'script');
    await form.form.getByRole('button', { name: 'Try it' }).click();
    await expect(form.form).toContainText(DENIED);
  });

  test('measuring the limits finds none and says what to do', async ({ bench }) => {
    const panel = await bench.tool('Measure my limits');
    await expect(panel).toContainText('This browser does not tell (navigator.storage).');
    await panel.getByRole('button', { name: 'Measure' }).click();
    await expect(bench.status).toContainText('Not measured: this browser keeps neither cookies nor web storage for this page. Allow');
    await expect(panel.getByRole('table')).toHaveCount(0);
    await expect(panel.getByRole('button', { name: 'Measure' })).toBeEnabled();
  });

  test('the textbook\'s lines about such stores stay open, with the reason', async ({ bench }) => {
    await bench.put('tea', 'green');
    await expect(bench.status).toContainText('1 of four stores');
    const panel = await bench.tool('Textbook and here');
    await panel.getByRole('button', { name: 'Measure now' }).click();
    // Capacity is open by itself; it is measured by another tool.
    await expect(bench.status).toHaveText('Measured: 6 as printed, 0 that differ, 15 open.', { timeout: 20_000 });
    await expect(panel.getByText(`It cannot be tried here. ${DENIED}`)).toHaveCount(15);
  });

  test('the matrix tells that nothing could be read, and the server session\'s own outcomes', async ({ bench, page }) => {
    const matrix = await new Matrix(page).open();
    const row = (server: string) => ['could not be read', 'could not be read', 'could not be read', 'could not be read', server];
    await matrix.button('Run all that need no leaving').click();
    await expect(bench.status).toHaveText('Tried all 8 events that need no leaving.', { timeout: 60_000 });
    await matrix.says('new tab with opener', row('reached'));
    await matrix.says('request without credentials', row('did not reach'));
    await matrix.says('wait for expiry', row('kept'));
    const { Before } = await matrix.evidence('request with credentials', 'localStorage');
    expect(Before).toContain('could not be read, the browser denies this place the store');
  });

  test('snapshot and reset name what is out of their reach, and do the rest', async ({ bench, page }) => {
    const outOfReach = 'Out of reach here: Cookies, sessionStorage, localStorage';
    await bench.put('tea', 'green');
    await bench.shows('Server session', 'lab-tea', 'green');
    const panel = await bench.tool('Snapshot');
    await expect(panel).toContainText(outOfReach);
    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Save snapshot' }).click();
    const saved = readFileSync(await (await download).path(), 'utf8');
    expect(saved).toContain('lab-tea');
    await bench.button('Reset the lab').click();
    const dialog = page.getByRole('dialog', { name: 'Reset the lab' });
    await expect(dialog).toContainText(outOfReach);
    await dialog.getByRole('button', { name: 'Reset', exact: true }).click();
    await expect(dialog).toBeHidden();
    await bench.lacks('Server session', 'lab-tea');

    const elsewhere = JSON.stringify({
      schema: 'storage-lab-snapshot/1',
      stores: [
        { store: 'local_storage', entries: [{ name: 'lab-cup', value: 'large' }] },
        { store: 'server_session', entries: [{ name: 'lab-tea', value: 'green' }] },
      ],
    });
    await panel.getByRole('textbox', { name: 'Or paste it here' }).fill(elsewhere);
    await panel.getByRole('button', { name: 'Look at it' }).click();
    await panel.getByRole('button', { name: /^Restore/ }).click();
    await expect(panel).toContainText(`lab-cup in localStorage. Refused: ${DENIED}`);
    await bench.shows('Server session', 'lab-tea', 'green');
  });

  test('journal, wire view, tour and theme work', async ({ bench, page }) => {
    await bench.put('tea', 'green');
    await bench.shows('Server session', 'lab-tea', 'green');
    await bench.tool('Journal');
    await expect(bench.journalRow('Server session', 'lab-tea')).toContainText('new: green');
    const wire = await bench.tool('Wire view');
    await wire.getByRole('button', { name: 'Send a request now' }).click();
    await expect(bench.status).toHaveText(/^The request arrived with 1 cookie, \d+ bytes\.$/);
    await bench.button('Show the tour').click();
    await expect(page.getByRole('dialog', { name: 'Put a value' })).toContainText('Step 1 of 5');
    await page.keyboard.press('Escape');
    await bench.button('Theme: system').click();
    await bench.button('Theme: light').click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(bench.button('Theme: dark')).toBeVisible();
  });
});

test.describe('where there is no room', () => {
  test.beforeEach(async ({ bench, context }) => {
    await leaveNoRoom(context);
    await open(bench);
  });

  test('each store says why it did not take the value, the server session too', async ({ bench }) => {
    await bench.put('tea', 'green');
    await expect(bench.status).toHaveText('No store took lab-tea.');
    await expect(bench.valueField).toHaveAccessibleDescription(new RegExp(`Cookies: ${DROPPED}`));
    for (const store of ['sessionStorage', 'localStorage']) {
      await expect(bench.valueField).toHaveAccessibleDescription(new RegExp(`${store}: ${NO_ROOM.source}`));
    }
    await expect(bench.valueField).toHaveAccessibleDescription(/Server session: The server took it, but this browser did not keep the session's cookie/);
    await expect(bench.valueField).toHaveValue('green');
    for (const store of QUOTA_MANAGED) {
      await bench.switchOn(store);
      await bench.add(store, 'tea', 'green');
      await expect(bench.addForm(store).getByRole('alert')).toContainText('The browser has no room for it (QuotaExceededError).');
    }
  });

  test('measuring the limits finds none and says what to do', async ({ bench }) => {
    const panel = await bench.tool('Measure my limits');
    await panel.getByRole('button', { name: 'Measure' }).click();
    await expect(bench.status).toContainText('Not measured: this browser keeps neither cookies nor web storage for this page. Allow');
    await expect(panel.getByRole('table')).toHaveCount(0);
  });

  test('the textbook\'s lines about such stores stay open, with the reason', async ({ bench }) => {
    const panel = await bench.tool('Textbook and here');
    await panel.getByRole('button', { name: 'Measure now' }).click();
    await expect(bench.status).toHaveText(/^Measured: 1 as printed, 0 that differ, 20 open\.$/, { timeout: 20_000 });
    await expect(panel.getByText(`It cannot be tried here. ${DROPPED}`)).toHaveCount(5);
    await expect(panel.getByText(NO_ROOM)).toHaveCount(10);
  });

  test('the matrix tells that no marker could be laid', async ({ page }) => {
    const matrix = await new Matrix(page).open();
    await matrix.start('request with credentials');
    const never = 'could not be laid';
    await matrix.says('request with credentials', [never, never, never, never, never]);
    const { Before } = await matrix.evidence('request with credentials', 'localStorage');
    expect(Before).toContain('Scripts: nothing under its name.');
  });

  test('a snapshot restores nothing and says why, entry by entry', async ({ bench }) => {
    const panel = await bench.tool('Snapshot');
    const stores = [
      { store: 'cookies', entries: [{ name: 'lab-a', value: '1' }] },
      { store: 'local_storage', entries: [{ name: 'lab-b', value: '2' }] },
    ];
    await panel.getByRole('textbox', { name: 'Or paste it here' }).fill(JSON.stringify({ schema: 'storage-lab-snapshot/1', stores }));
    await panel.getByRole('button', { name: 'Look at it' }).click();
    await panel.getByRole('button', { name: /^Restore/ }).click();
    await expect(bench.status).toHaveText('Restored 0 of 2 entries; the panel says why not the others.');
    await expect(panel).toContainText(`lab-a in Cookies. Refused: ${DROPPED}`);
    await expect(panel).toContainText(/lab-b in localStorage\. Refused: The browser has no room/);
  });

  test('the theme switches, and reset has nothing to do', async ({ bench, page }) => {
    await bench.button('Theme: system').click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    await bench.button('Theme: light').click();
    await expect(bench.button('Theme: dark')).toBeVisible();
    await bench.button('Reset the lab').click();
    const dialog = page.getByRole('dialog', { name: 'Reset the lab' });
    await expect(dialog).toContainText('The lab has made nothing here that is still there.');
  });
});

test.describe('where tabs cannot tell each other anything', () => {
  const APART = 'Tabs cannot tell each other anything here: what has no event';

  test('the foot says what of other tabs is not heard, and that alone waits until one comes back', async ({ bench, context, page }) => {
    await denyChannels(context);
    await open(bench);
    await expect(page.getByRole('main')).toContainText(APART);
    await bench.switchOn('IndexedDB');
    // Its columns are those that were chosen here.
    const other = await new Bench(await context.newPage()).open();
    await other.add('IndexedDB', 'tea', 'green');
    await other.shows('IndexedDB', 'lab-tea', 'green');
    await other.put('cup', 'large');
    for (const store of ['Cookies', 'localStorage'] as const) await bench.shows(store, 'lab-cup', 'large');
    await bench.lacks('IndexedDB', 'lab-tea');
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await bench.shows('IndexedDB', 'lab-tea', 'green');
  });

  test('the matrix reads in frames, and says of tabs why it does not', async ({ bench, context, page }) => {
    await denyChannels(context);
    await open(bench);
    const matrix = await new Matrix(page).open();
    await matrix.start('request with credentials');
    await matrix.says('request with credentials', ['reached', 'reached', 'did not reach', 'did not reach', 'reached']);
    await matrix.start('new tab with opener');
    await expect(matrix.row('new tab with opener')).toContainText('This browser keeps tabs from telling each other what they find');
  });

  test('where they can, nothing is said of it', async ({ bench, page }) => {
    await open(bench);
    await expect(page.getByRole('main')).not.toContainText(APART);
  });
});
