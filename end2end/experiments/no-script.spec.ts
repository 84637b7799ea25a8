// Every experiment is good reading without JavaScript.
import { Experiment, SLUGS } from '../support/experiment';
import { expect, test } from '../support/fixtures';

test('the catalogue leads to every experiment', async ({ page }) => {
  await page.goto('/experiments');
  for (const slug of SLUGS) await expect(page.locator(`a[href="/experiments/${slug}"]`).first()).toBeVisible();
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
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
  await page.getByRole('link', { name: /in the whole file server\/src\/accounts\/token\.rs$/ }).first().click();
  await expect(page.locator(':target')).toBeInViewport();
});
