// WCAG 2.2 AA on every page in every state; the experiments' own are in experiments/.
import type { APIRequestContext, Page } from '@playwright/test';
import { inspect, WIDTHS } from '../support/accessibility';
import { keep, shorten } from '../support/atlas';
import { Bench, FACTS, fill, OPTIONAL, STORES } from '../support/bench';
import { CookieForm } from '../support/cookie-form';
import { expect, test } from '../support/fixtures';
import { comeBack, openAwake, sessionBanner } from '../support/pages';
import { fillIn, logIn, type Person, somebody } from '../support/people';
import { Matrix } from '../support/survival';

type Things = { bench: Bench; page: Page; request: APIRequestContext; user: Person };

const BENCH: Record<string, (things: Things) => Promise<unknown>> = {
  empty: async () => {},
  filled: async ({ bench }) => {
    await bench.putAndWait('colour', 'blue');
    await bench.putAndWait('a-rather-long-name-for-something-small', 'x'.repeat(500));
  },
  'filled by somebody who is logged in': async ({ bench, page, user }) => {
    await logIn(page.request, user);
    await bench.open();
    await bench.putAndWait('colour', 'blue');
    await expect(bench.cell('Cookies', '__Host-session')).toBeVisible();
  },
  'after being logged out elsewhere': async ({ bench, page, user }) => {
    await logIn(page.request, user);
    await bench.open();
    await page.request.post('/api/logout', { form: {}, headers: { accept: 'application/json' } });
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect(page.getByRole('complementary', { name: 'Your session' })).toContainText('You have been logged out.');
  },
  'with an entry being edited': async ({ bench }) => {
    await bench.putAndWait('colour', 'blue');
    await expect(await bench.openEdit('sessionStorage', 'lab-colour')).toBeVisible();
  },
  'with an edit refused': async ({ bench }) => {
    await bench.add('Cookies', 'tea', 'green');
    await bench.edit('Cookies', 'lab-tea', 'a;b');
    await expect(bench.cell('Cookies', 'lab-tea').getByRole('alert')).toContainText('a semicolon');
  },
  'with an addition refused': async ({ bench }) => {
    await bench.add('Cookies', '', 'blue');
    await expect(bench.addForm('Cookies').getByRole('alert')).toHaveText('Give it a name.');
  },
  'with values that differ and values that are missing': async ({ bench, page }) => {
    await bench.putAndWait('colour', 'blue');
    await bench.putAndWait('tea', 'green');
    await bench.edit('localStorage', 'lab-colour', 'red');
    await bench.delete('Cookies', 'lab-tea');
    await bench.lacks('Cookies', 'lab-tea');
    await expect(page.locator('[data-differs]')).toHaveCount(1);
  },
  'with the menu of a store open': async ({ bench }) => {
    await bench.putAndWait('colour', 'blue');
    await expect((await bench.menu('Cookies')).getByRole('button', { name: 'Cookie with attributes' })).toBeVisible();
  },
  'with the facts folded away': async ({ bench }) => {
    await bench.putAndWait('colour', 'blue');
    await bench.factsButton.click();
    await expect(bench.rowHeader('When it ends')).toHaveCount(0);
  },
  'with every column shown': async ({ bench }) => {
    await bench.switchOn(...OPTIONAL);
    await bench.put('colour', 'blue');
    await expect(bench.status).toHaveText('Put lab-colour in all 8 stores.');
  },
  'with errors about name and value': async ({ bench }) => {
    await bench.put('my=colour', 'x'.repeat(65_537));
    await expect(bench.deposit.getByRole('alert')).toHaveCount(2);
  },
  'with a filter that nothing meets, and all facets': async ({ bench }) => {
    await bench.putAndWait('colour', 'blue');
    await bench.search.getByRole('button', { name: 'Facets' }).click();
    await expect(bench.search.getByRole('combobox', { name: 'Seen by' })).toBeVisible();
    await bench.filter.fill('nothing like it');
    await expect(bench.status).toContainText('0 of');
  },
  'with entries selected': async ({ bench }) => {
    await bench.putAndWait('colour', 'blue');
    await bench.putAndWait('tea', 'green');
    await bench.selectAll.check();
    await expect(bench.button('Delete 2 selected')).toBeVisible();
  },
  'with a thousand entries': async ({ bench, page }) => {
    await fill(page, 1_000);
    await bench.counts(1_000);
  },
  'with the keys listed': async ({ bench, page }) => {
    await bench.button('Keys').click();
    await expect(page.getByRole('dialog', { name: 'Keys' }).getByRole('switch')).toBeVisible();
  },
  'with an entry inspected': async ({ bench }) => {
    await bench.putAndWait('colour', '{"blue":[1,2],"words":"Z%C3%BCrich"}');
    await bench.edit('sessionStorage', 'lab-colour', '{"blue":[1,3],"words":"Z%C3%BCrich"}');
    await bench.delete('Cookies', 'lab-colour');
    await bench.lacks('Cookies', 'lab-colour');
    const inspector = await bench.inspect('lab-colour', 'localStorage');
    await inspector.getByRole('combobox', { name: 'Show value' }).selectOption('JSON tree');
    await expect(inspector.getByText('words')).toBeVisible();
  },
  'with the form for a cookie with attributes': async ({ bench }) => {
    const form = await CookieForm.open(bench);
    await form.fill({ Name: 'tea', Value: 'green', Prefix: '__Host-', Path: '/lab', Domain: 'elsewhere.example', SameSite: 'None' }, 'http');
    await expect(form.forecast.getByRole('listitem')).toHaveCount(5);
  },
  'with a cookie tried and refused': async ({ bench }) => {
    const form = await CookieForm.open(bench);
    await form.fill({ Name: 'tea', Value: 'green', SameSite: 'None', Path: '/lab/echo/x' }, 'http');
    await form.tryIt();
    await expect(form.why.filter({ hasText: 'Proven here' })).toBeVisible();
  },
  'with a request and its answer opened in the wire view': async ({ bench }) => {
    const panel = await bench.tool('Wire view');
    await bench.putAndWait('colour', 'blue');
    await panel.getByRole('button', { name: 'Send a request now' }).click();
    await expect(panel.getByRole('heading', { name: 'GET /lab/echo', exact: true })).toBeFocused();
    await panel.getByRole('button', { name: 'POST /api/values/put' }).click();
    await expect(panel.getByRole('region', { name: 'Set-Cookie: __Host-session' })).toBeVisible();
  },
  'with the textbook measured': async ({ bench }) => {
    const panel = await bench.tool('Textbook and here');
    await panel.getByRole('button', { name: 'Measure now' }).click();
    await expect(bench.status).toHaveText(/^Measured:/);
  },
  'with a snapshot looked at': async ({ bench }) => {
    const panel = await bench.tool('Snapshot');
    const entries = [{ name: 'lab-colour', value: 'blue' }, { name: 'other', value: '1' }];
    const text = JSON.stringify({ schema: 'storage-lab-snapshot/1', stores: [{ store: 'cookies', entries }] });
    await panel.getByRole('textbox', { name: 'Or paste it here' }).fill(text);
    await panel.getByRole('button', { name: 'Look at it' }).click();
    await expect(panel.getByRole('group', { name: 'What would happen' })).toContainText('Will not be restored: 1');
  },
  'with a snapshot that cannot be read': async ({ bench }) => {
    const panel = await bench.tool('Snapshot');
    await panel.getByRole('textbox', { name: 'Or paste it here' }).fill('{"schema"');
    await panel.getByRole('button', { name: 'Look at it' }).click();
    await expect(panel.getByRole('alert')).toContainText('Line 1, column 9');
  },
  'with the question whether to reset the lab': async ({ bench, page }) => {
    await bench.putAndWait('colour', 'blue');
    await bench.button('Reset the lab').click();
    await expect(page.getByRole('dialog', { name: 'Reset the lab' }).getByRole('row', { name: /^Cookies/ })).toBeVisible();
  },
  'with the tour under way': async ({ bench, page }) => {
    await bench.button('Start the tour').click();
    await expect(page.getByRole('dialog', { name: 'Put a value' })).toBeVisible();
  },
  'with an empty journal': async ({ bench }) => {
    await expect(await bench.tool('Journal')).toContainText('Nothing has changed yet.');
  },
  'with changes in the journal, paused': async ({ bench }) => {
    await bench.putAndWait('colour', 'blue');
    const journal = await bench.tool('Journal');
    await bench.edit('localStorage', 'lab-colour', 'x'.repeat(500));
    await expect(bench.journalRow('localStorage', 'lab-colour')).toContainText('this tab');
    await journal.getByRole('button', { name: 'Pause' }).click();
    await bench.putAndWait('tea', 'green');
    await expect(journal).toContainText('Resume to see them.');
  },
  'with an edit refused because another tab was quicker': async ({ bench, page }) => {
    await bench.add('localStorage', 'tea', 'green');
    await bench.openEdit('localStorage', 'lab-tea');
    await page.evaluate(() => localStorage.setItem('lab-tea', 'black'));
    await bench.save('localStorage', 'lab-tea');
    await expect(bench.cell('localStorage', 'lab-tea').getByRole('alert')).toContainText('Save again if you mean it.');
  },
  'while the limits are measured': async ({ bench }) => {
    const panel = await bench.tool('Measure my limits');
    await panel.getByRole('button', { name: 'Measure' }).click();
    await expect(panel.getByRole('progressbar')).toBeVisible();
  },
  'with measured limits': async ({ bench }) => {
    const panel = await bench.tool('Measure my limits');
    await panel.getByRole('button', { name: 'Measure' }).click();
    await expect(panel.getByRole('table')).toBeVisible({ timeout: 40_000 });
  },
  'with a survival matrix that is compared with another': async ({ bench, page }) => {
    const matrix = await new Matrix(page).open();
    await matrix.start('request with credentials');
    await expect(matrix.cell('request with credentials', 'localStorage')).toBeVisible();
    await matrix.panel.getByRole('textbox').fill('firefox-140.fmrmmr---.akklkk---');
    await matrix.button('Compare').click();
    await expect(bench.status).toHaveText('Compared with Firefox 140.');
  },
  'with the evidence of a result open': async ({ page }) => {
    const matrix = await new Matrix(page).open();
    await matrix.start('request with credentials');
    await matrix.cell('request with credentials', 'localStorage').click();
    await expect(matrix.dialog).toBeVisible();
  },
  'with the question before everything is cleared': async ({ page }) => {
    const matrix = await new Matrix(page).open();
    await matrix.button('Try Clear-Site-Data: everything').click();
    await expect(matrix.dialog).toBeVisible();
  },
  'with the steps to restart the browser': async ({ page }) => {
    const matrix = await new Matrix(page).open();
    await matrix.start('restart the browser');
    await expect(matrix.panel).toContainText('Keep this link');
  },
  'with something to undo': async ({ bench }) => {
    await bench.putAndWait('colour', 'blue');
    await bench.clear('localStorage');
    await expect(bench.button('Undo')).toBeVisible();
  },
};

for (const [state, arrange] of Object.entries(BENCH)) {
  test(`the bench is accessible, ${state}`, async ({ bench, page, request, tolerate, user }) => {
    tolerate(/status of 422/);
    await bench.open();
    await arrange({ bench, page, request, user });
    await inspect(page);
  });
}

const PAGES: Record<string, (things: Things) => Promise<unknown>> = {
  'the sign-up page': ({ page }) => page.goto('/signup'),
  'the sign-up page with errors': async ({ page, user }) => {
    await page.goto('/signup');
    await fillIn(page, { ...user, password: somebody().password });
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expect(page.getByRole('alert')).toContainText('That username is taken');
  },
  'the log-in page': ({ page }) => page.goto('/login'),
  'the log-in page on the way to the account': ({ page }) => page.goto('/account'),
  'the log-in page after signing up': ({ page }) => page.goto('/login?welcome=1&username=Ada'),
  'the log-in page with an error': async ({ page, user }) => {
    await page.goto('/login');
    await fillIn(page, { ...user, password: 'not the right password' });
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'the account page': async ({ page, user }) => {
    await logIn(page.request, user);
    await page.goto('/account');
    await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  },
  'the account page with other sessions, wrong passwords and everything open': async ({ page, request, user }) => {
    for (let times = 0; times < 10; times++) await logIn(request, user);
    await request.post('/api/login', { form: { ...user, password: 'not the right password' }, headers: { accept: 'application/json' } });
    await logIn(page.request, user);
    await openAwake(page, '/account');
    await expect(page.getByRole('button', { name: 'End all other sessions' })).toBeVisible();
    for (const summary of await page.locator('summary').all()) await summary.click();
    for (const show of await page.getByRole('button', { name: 'Show password' }).all()) await show.click();
    await expect(page.getByRole('button', { name: 'Show password', pressed: true })).toHaveCount(3);
    await expect(page.getByText('Was it you?')).toBeVisible();
  },
  'the account page after ending a session': async ({ page, request, user }) => {
    await logIn(request, user);
    await logIn(page.request, user);
    await openAwake(page, '/account');
    await page.getByRole('button', { name: /^End session on/ }).click();
    await expect(page.getByRole('status').filter({ hasText: 'has ended.' })).toBeVisible();
  },
  'the account page with errors': async ({ page, user }) => {
    await logIn(page.request, user);
    await openAwake(page, '/account');
    await page.locator('summary', { hasText: 'Delete this account' }).click();
    for (const [region, button] of [['Change password', 'Change password'], ['Your data', 'Delete my account']] as const) {
      const form = page.getByRole('region', { name: region }).locator('form');
      await form.getByLabel('Current password').fill('not the right password');
      if (region === 'Change password') await form.getByLabel('New password').fill(somebody().password);
      await form.getByRole('button', { name: button }).click();
      await expect(form.getByRole('alert')).toContainText('not your current password');
    }
  },
  'the account page after changing the password without scripts': async ({ page, user }) => {
    await logIn(page.request, user);
    await page.goto('/account?changed=1');
    await expect(page.getByRole('status').filter({ hasText: 'Your password is changed.' })).toBeVisible();
  },
  'the page to confirm a password': async ({ page, user }) => {
    await logIn(page.request, user);
    await page.goto('/account/confirm?next=/account');
    await expect(page.getByRole('heading', { name: 'Confirm it is you' })).toBeVisible();
  },
  'the page that asks for the password again, with an error': async ({ page, user }) => {
    await logIn(page.request, user);
    await openAwake(page, '/account/confirm?next=/account');
    await page.getByLabel('Current password').fill('not the right password');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await expect(page.getByRole('alert')).toContainText('not your current password');
  },
  'the page for a new password': async ({ page }) => {
    await openAwake(page, '/reset#not-a-code');
    await expect(page.getByLabel('Code', { exact: true })).toHaveValue('not-a-code');
  },
  'the page for a new password with an error': async ({ page }) => {
    await openAwake(page, '/reset#not-a-code');
    await page.getByLabel('New password', { exact: true }).fill(somebody().password);
    await page.getByRole('button', { name: 'Set new password' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'Ask the operator for a new link' })).toBeVisible();
  },
  'the log-in page after setting a new password': async ({ page, user }) => {
    await page.goto(`/login?reset=1&username=${user.username}`);
    await expect(page.getByRole('status').filter({ hasText: 'Your new password is set' })).toBeVisible();
  },
  'the sign-up page after deleting an account': async ({ page }) => {
    await page.goto('/signup?deleted=1');
    await expect(page.getByRole('status').filter({ hasText: 'are deleted' })).toBeVisible();
  },
  'the sign-up page with a weak password': async ({ page }) => {
    await openAwake(page, '/signup');
    await page.getByLabel('Password', { exact: true }).fill('aaaaaaaaaaaaaaaaaaaa');
    await expect(page.getByRole('meter', { name: 'Password strength' })).toBeVisible();
  },
  'the sign-up page with a suggested passphrase': async ({ page }) => {
    await openAwake(page, '/signup');
    await page.getByRole('button', { name: 'Suggest a passphrase' }).click();
    await expect(page.getByRole('meter', { name: 'Password strength' })).toHaveAttribute('value', '4');
  },
  'the bench shortly before a session ends': async ({ bench, page, user }) => {
    await logIn(page.request, user);
    await bench.open();
    // As the server answers somebody who has asked for nothing for 28 minutes.
    const now = Math.floor(Date.now() / 1_000);
    const json = { username: user.username, idle_end: now + 110, end: now + 40_000, now };
    await page.route('**/api/current-user', (route) => route.fulfill({ json }));
    await comeBack(page);
    await expect(sessionBanner(page).getByRole('button', { name: 'Stay logged in' })).toBeVisible();
  },
  'the bench after being logged out elsewhere': async ({ bench, page, user }) => {
    await logIn(page.request, user);
    await bench.open();
    await page.request.post('/api/logout', { form: {}, headers: { accept: 'application/json' } });
    await comeBack(page);
    await expect(sessionBanner(page)).toContainText('You have been logged out.');
  },
  'the atlas': async ({ page }) => {
    await openAwake(page, '/atlas');
    await expect(page.getByRole('checkbox', { name: 'Only what differs' })).toBeEnabled();
    await shorten(page);
  },
  'the atlas with a column of one’s own that differs, and evidence open': async ({ page }) => {
    await keep(page, { slug: 'http-forgets', outcome: 'does_not_hold', answer: 2 });
    await openAwake(page, '/atlas');
    const row = page.getByRole('row', { name: /^HTTP forgets/ });
    await expect(row).toContainText('differs from');
    for (const summary of await row.locator('summary').all()) await summary.click();
    await shorten(page);
  },
  'the page for an unknown address': ({ page }) => page.goto('/nowhere'),
};

for (const [title, arrange] of Object.entries(PAGES)) {
  test(`${title} is accessible`, async ({ bench, page, request, tolerate, user }) => {
    tolerate(/status of 4(01|04|09|22)/);
    await arrange({ bench, page, request, user });
    await inspect(page);
  });
}

test('what the stores hold is a grid to assistive technology, whatever its looks', async ({ bench, context, page }) => {
  await bench.open();
  await bench.putAndWait('colour', 'blue');
  const devtools = await context.newCDPSession(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const { nodes } = await devtools.send('Accessibility.getFullAXTree');
    const named = (role: string, name: string) =>
      nodes.filter((node) => !node.ignored && node.role?.value === role && node.name?.value === name);
    expect(nodes.filter((node) => node.role?.value === 'grid')).toHaveLength(1);
    expect(named('grid', 'What each store holds')).toHaveLength(1);
    for (const header of ['Name', ...STORES, 'Actions']) expect(named('columnheader', header), header).toHaveLength(1);
    for (const header of [...FACTS, 'lab-colour']) expect(named('rowheader', header), header).toHaveLength(1);
  }
});
