// Every experiment is good reading without JavaScript.
import { Experiment, SLUGS } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import { Catalogue } from '../support/pages';

test('the catalogue leads to every experiment, and what can be pressed there works', async ({ page }) => {
  const catalogue = await new Catalogue(page).open();
  await expect.poll(() => catalogue.slugs()).toEqual([...SLUGS].sort());
  await expect(page.getByRole('main').getByRole('button')).toHaveText(['Show']);
  await catalogue.claim.selectOption({ value: 'C6' });
  await catalogue.state.selectOption('Not run yet');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/\/experiments\?claim=C6&state=not_run$/);
  await expect.poll(() => catalogue.slugs()).toEqual(['http-forgets']);
  await expect(catalogue.claim).toHaveValue('C6');
  await expect(catalogue.state).toHaveValue('not_run');
  await catalogue.open('?claim=C6&state=run');
  await expect(catalogue.met('No experiment meets the filter.')).toBeVisible();
  await catalogue.clear.click();
  await expect.poll(() => catalogue.slugs()).toEqual([...SLUGS].sort());
});

test('the popular mistakes are read from the catalogue on', async ({ page }) => {
  await page.goto('/experiments');
  await page.getByRole('navigation', { name: 'Beside the experiments' }).getByRole('link', { name: 'Popular mistakes' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Often told, and not so');
  await page.getByRole('listitem').filter({ hasText: 'Equal passwords have equal hashes.' }).getByRole('link').click();
  await expect(page).toHaveURL(/\/experiments\/password-hash$/);
});

for (const slug of SLUGS) {
  test(`${slug} tells what it tries, what happens and where it is written`, async ({ page }) => {
    expect((await page.goto(`/experiments/${slug}`))!.status()).toBe(200);
    const main = page.getByRole('main');
    await expect(main.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(main.getByRole('blockquote').first()).toContainText(/Claim [CL]\d+/);
    await expect(main).toContainText('Scripts are off.', { useInnerText: true });
    const steps = main.getByRole('list', { name: 'Steps' }).getByRole('listitem');
    for (const step of await steps.all()) await expect(step.getByRole('heading')).toBeVisible();
    await main.getByText('What is to be expected').click();
    await expect(main.getByRole('group').locator('p').first()).toBeVisible();
    await expect(main.getByRole('heading', { name: 'Where it is written' })).toBeVisible();
    await expect(main.getByRole('button')).toHaveCount(0);
    await expect(new Experiment(page).choices).toHaveCount(0);
  });
}

test('the log-in flow is a story to read, with its claims and its code', async ({ page }) => {
  await page.goto('/login-flow');
  const steps = page.getByRole('list', { name: 'Steps' }).locator('> li');
  await expect(steps).toHaveCount(8);
  for (const [index, claim] of ['L1', 'L2', 'L3', 'L4', 'L5', 'L6'].entries()) {
    await expect(steps.nth(index).getByRole('blockquote')).toContainText(`Claim ${claim}`);
  }
  for (const step of await steps.all()) await expect(step.locator('pre').first()).toBeVisible();
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await page.getByRole('link', { name: /in the whole file server\/src\/sessions\/token\.rs$/ }).first().click();
  await expect(page.locator(':target')).toBeInViewport();
});
