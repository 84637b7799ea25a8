// The filter over all columns, with its facets.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { logIn } from '../support/people';

test('entries are found by name and by value, in either case', async ({ bench }) => {
  await bench.open();
  await bench.putAndWait('colour', 'Blue');
  await bench.putAndWait('tea', 'green');
  await bench.filter.fill('BLUE');
  for (const store of STORES) await bench.lacks(store, 'lab-tea');
  for (const store of STORES) await bench.shows(store, 'lab-colour', 'Blue');
  await bench.filter.fill('lab-TEA');
  for (const store of STORES) await bench.lacks(store, 'lab-colour');
  for (const store of STORES) await bench.shows(store, 'lab-tea', 'green');
});

test('the count is told once typing rests', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('colour', 'blue');
  await bench.putAndWait('tea', 'green');
  const said = await page.evaluateHandle(() => {
    const all: string[] = [];
    const status = document.querySelector('main [role=status]')!;
    new MutationObserver(() => all.push(status.textContent)).observe(status, { characterData: true, childList: true, subtree: true });
    return all;
  });
  await bench.filter.pressSequentially('lab-tea');
  // The session cookie is the ninth.
  await expect(bench.status).toHaveText('4 of 9 entries');
  expect(await said.jsonValue()).toEqual(['4 of 9 entries']);
});

test('a filter that nothing meets says so, and Escape takes it back', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  await bench.filter.fill('coffee');
  for (const store of STORES) await expect(bench.region(store)).toContainText('No entry meets the filter.');
  await page.keyboard.press('Escape');
  await expect(bench.filter).toHaveValue('');
  for (const store of STORES) await bench.shows(store, 'lab-tea', 'green');
});

test('facets show who sees an entry and what it is', async ({ baseURL, bench, context, page, user }) => {
  await context.addCookies([{ name: 'lab-hidden', value: '1', url: baseURL!, httpOnly: true }]);
  await logIn(page.request, user);
  await bench.open();
  await bench.putAndWait('tea', 'green');
  await bench.search.getByRole('button', { name: 'Facets' }).click();
  const flag = bench.search.getByRole('combobox', { name: 'What it is' });
  const seen = bench.search.getByRole('combobox', { name: 'Seen by' });

  await flag.selectOption('HttpOnly');
  await expect(bench.names('Cookies')).toHaveText([/^(__Host-session|lab-hidden)$/, /^(__Host-session|lab-hidden)$/]);
  await flag.selectOption('protected');
  await expect(bench.names('Cookies')).toHaveText(['__Host-session']);
  await flag.selectOption('ends with the session');
  await expect(bench.names('sessionStorage')).toHaveText(['lab-tea']);
  await expect(bench.names('localStorage')).toHaveCount(0);
  await flag.selectOption('any');
  await seen.selectOption('both');
  await expect(bench.names('Cookies')).toHaveText(['lab-tea']);
  await seen.selectOption('the server only');
  await expect(bench.names('Server session')).toHaveText(['lab-tea']);
  await expect(bench.names('sessionStorage')).toHaveCount(0);
  await seen.selectOption('any');

  await bench.search.getByRole('button', { name: 'sessionStorage', pressed: true }).click();
  await expect(bench.region('sessionStorage')).toBeHidden();
  await expect(bench.status).toHaveText('5 of 5 entries');
  await bench.search.getByRole('button', { name: 'sessionStorage', pressed: false }).click();
  await expect(bench.region('sessionStorage')).toBeVisible();
});

test('clearing a store clears what the filter hides too', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('colour', 'blue');
  await bench.putAndWait('tea', 'green');
  await bench.filter.fill('tea');
  await bench.lacks('localStorage', 'lab-colour');
  await bench.clear('localStorage');
  await expect(bench.status).toHaveText('Deleted 2 entries from localStorage.');
  expect(await contents(page, 'localStorage')).toEqual({});
});
