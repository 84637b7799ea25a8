// The filter over all stores, with its facets.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';
import { logIn } from '../support/people';

test('names are found by themselves and by the value in any store, in either case', async ({ bench }) => {
  await bench.open();
  await bench.putAndWait('colour', 'Blue');
  await bench.putAndWait('tea', 'green');
  await bench.edit('localStorage', 'lab-tea', 'Jasmine');
  await bench.shows('localStorage', 'lab-tea', 'Jasmine');
  await bench.filter.fill('BLUE');
  await expect(bench.names()).toHaveText(['lab-colour']);
  for (const store of STORES) await bench.shows(store, 'lab-colour', 'Blue');
  await bench.filter.fill('lab-TEA');
  await expect(bench.names()).toHaveText(['lab-tea']);
  // The row is shown whole, whichever of its cells was meant.
  await bench.filter.fill('jasmine');
  await expect(bench.names()).toHaveText(['lab-tea']);
  await bench.shows('Cookies', 'lab-tea', 'green');
});

test('the count of names is told once typing rests', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('colour', 'blue');
  await bench.putAndWait('tea', 'green');
  // The session's cookie is the third.
  await expect(bench.search).toContainText('3 of 3 names');
  const said = await page.evaluateHandle(() => {
    const all: string[] = [];
    const status = document.querySelector('main [role=status]')!;
    new MutationObserver(() => all.push(status.textContent)).observe(status, { characterData: true, childList: true, subtree: true });
    return all;
  });
  await bench.filter.pressSequentially('lab-tea');
  await expect(bench.status).toHaveText('1 of 3 names');
  expect(await said.jsonValue()).toEqual(['1 of 3 names']);
  await expect(bench.search).toContainText('1 of 3 names');
});

test('a filter that nothing meets says so, and Escape takes it back', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('tea', 'green');
  await bench.filter.fill('coffee');
  await expect(page.getByText('No entry meets the filter.')).toBeVisible();
  await bench.counts(0);
  await page.keyboard.press('Escape');
  await expect(bench.filter).toHaveValue('');
  for (const store of STORES) await bench.shows(store, 'lab-tea', 'green');
  await expect(page.getByText('No entry meets the filter.')).toBeHidden();
});

test('facets show who sees an entry and what it is', async ({ baseURL, bench, context, page, user }) => {
  await context.addCookies([{ name: 'lab-hidden', value: '1', url: baseURL!, httpOnly: true }]);
  await logIn(page.request, user);
  await bench.open();
  await bench.putAndWait('tea', 'green');
  await bench.add('localStorage', 'cup', 'large');
  await bench.shows('localStorage', 'lab-cup', 'large');
  await bench.search.getByRole('button', { name: 'Facets' }).click();
  const flag = bench.search.getByRole('combobox', { name: 'What it is' });
  const seen = bench.search.getByRole('combobox', { name: 'Seen by' });

  await flag.selectOption('HttpOnly');
  await expect(bench.names()).toHaveText(['__Host-session', 'lab-hidden']);
  await flag.selectOption('protected');
  await expect(bench.names()).toHaveText(['__Host-session']);
  await flag.selectOption('ends with the session');
  await expect(bench.names()).toHaveText(['lab-tea']);
  await flag.selectOption('any');
  await seen.selectOption('both');
  await expect(bench.names()).toHaveText(['lab-tea']);
  await seen.selectOption('the server only');
  await expect(bench.names()).toHaveText(['__Host-session', 'lab-hidden', 'lab-tea']);
  await seen.selectOption('scripts only');
  await expect(bench.names()).toHaveText(['lab-cup', 'lab-tea']);
  await seen.selectOption('any');

  // A store that is left out takes its column with it, and the names that it alone holds.
  await bench.search.getByRole('button', { name: 'localStorage', pressed: true }).click();
  await expect(bench.header('localStorage')).toHaveCount(0);
  await expect(bench.names()).toHaveText(['__Host-session', 'lab-hidden', 'lab-tea']);
  await bench.shows('Server session', 'lab-tea', 'green');
  await bench.search.getByRole('button', { name: 'localStorage', pressed: false }).click();
  await expect(bench.header('localStorage')).toBeVisible();
  await bench.shows('localStorage', 'lab-cup', 'large');
});

test('clearing a store clears what the filter hides too', async ({ bench, page }) => {
  await bench.open();
  await bench.putAndWait('colour', 'blue');
  await bench.putAndWait('tea', 'green');
  await bench.filter.fill('tea');
  await expect(bench.row('lab-colour')).toHaveCount(0);
  await bench.clear('localStorage');
  await expect(bench.status).toHaveText('Deleted 2 entries from localStorage.');
  expect(await contents(page, 'localStorage')).toEqual({});
});
