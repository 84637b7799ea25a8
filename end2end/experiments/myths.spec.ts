// What is often told and not so: each card says what is true, and leads to where it can be tried.
import { inspect } from '../support/accessibility';
import { Experiment, SLUGS } from '../support/experiment';
import { expect, test } from '../support/fixtures';

test('each popular mistake is set right and leads to the experiment that settles it', async ({ page }) => {
  await page.goto('/experiments/myths');
  const cards = page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('heading', { level: 2 }) });
  expect(await cards.count()).toBeGreaterThan(14);
  for (const card of await cards.all()) {
    await expect(card.getByRole('heading')).toHaveText(/^“.+\.”$/);
    await expect(card.locator('> p').first()).toHaveText(/\.$/);
    const links = card.getByRole('list', { name: 'Try it' }).getByRole('link');
    await expect(links.first()).toBeVisible();
    for (const link of await links.all()) {
      const slug = (await link.getAttribute('href'))!.replace('/experiments/', '');
      expect(SLUGS).toContain(slug);
    }
  }
  await inspect(page);
});

test('the mistakes are found from the catalogue, also by the address that they had, and settled from their cards', async ({ page }) => {
  await page.goto('/experiments#myths-heading');
  const there = page.getByRole('region', { name: 'Often told, and not so' });
  await expect(there).toBeInViewport();
  await there.getByRole('link').click();
  await expect(page).toHaveURL(/\/experiments\/myths$/);
  await expect(page).toHaveTitle('Often told, and not so · Storage Lab');
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /^“What is in localStorage is sent along/ }) });
  await card.getByRole('link').click();
  const experiment = new Experiment(page);
  await experiment.choices.first().check();
  await experiment.run('Holds.');
});
