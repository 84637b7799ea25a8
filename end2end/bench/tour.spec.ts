// The tour: offered once, five steps, never in the way.
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

const TITLES = ['Put a value', 'See it side by side', 'See what travels', 'Let something happen', 'Clean up'];

test('a first visit is offered a tour of five steps that point at the real parts', async ({ bench, page }) => {
  await bench.open();
  await expect(page.getByText('New here? Five steps, under a minute.')).toBeVisible();
  await bench.button('Start the tour').click();
  const tour = page.getByRole('dialog');
  for (const [at, title] of TITLES.entries()) {
    await expect(tour).toHaveAccessibleName(title);
    await expect(tour).toContainText(`Step ${at + 1} of 5`);
    await expect(tour.getByRole('heading', { name: title })).toBeFocused();
    const part = page.locator('.pointed-at');
    await expect(part).toHaveCount(1);
    await expect(part).toBeInViewport();
    if (at < 4) await tour.getByRole('button', { name: 'Next' }).click();
  }
  await tour.getByRole('button', { name: 'Back' }).click();
  await expect(tour).toHaveAccessibleName('Let something happen');
  await tour.getByRole('button', { name: 'Next' }).click();
  await tour.getByRole('button', { name: 'Done' }).click();
  await expect(tour).toBeHidden();
  await expect(page.locator('.pointed-at')).toHaveCount(0);
  await expect(bench.nameField).toBeFocused();

  expect(await contents(page, 'localStorage')).toEqual({ 'lab-tour': 'done' });
  await page.reload();
  await bench.awake();
  await bench.shows('localStorage', 'lab-tour', 'done');
  await expect(page.getByText('New here?')).toBeHidden();
});

test('who declines is not asked again, and can take it all the same', async ({ bench, page }) => {
  await bench.open();
  await bench.button('No, thanks').click();
  await bench.shows('localStorage', 'lab-tour', 'declined');
  await page.reload();
  await bench.awake();
  await bench.shows('localStorage', 'lab-tour', 'declined');
  await expect(page.getByText('New here?')).toBeHidden();

  await bench.button('Show the tour').click();
  await expect(page.getByRole('heading', { name: 'Put a value' }).last()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(bench.button('Show the tour')).toBeFocused();
});

test('the tour is no modal dialog: what it points at can be tried', async ({ bench, page }) => {
  await bench.open();
  await bench.button('Start the tour').click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await bench.putAndWait('tea', 'green');
  await expect(page.getByRole('dialog')).toContainText('Step 1 of 5');
  await page.getByRole('dialog').getByRole('button', { name: 'Skip the tour' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
});

for (const width of [1280, 320]) {
  test(`the offer comes and goes without moving anything, ${width} px wide`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height: 800 });
    await bench.open();
    await expect(page.getByText('New here?')).toBeVisible();
    const place = () => bench.header('Cookies').evaluate((header) => header.getBoundingClientRect().top + window.scrollY);
    const before = await place();
    await bench.button('No, thanks').click();
    await expect(page.getByText('New here?')).toBeHidden();
    expect(await place()).toBe(before);
  });
}

test('the whole tour is taken with the keyboard', async ({ bench, page }) => {
  await bench.open();
  await bench.button('Start the tour').focus();
  await page.keyboard.press('Enter');
  for (const title of TITLES) {
    await expect(page.getByRole('dialog').getByRole('heading', { name: title })).toBeFocused();
    await page.getByRole('dialog').getByRole('button', { name: /^(Next|Done)$/ }).focus();
    await page.keyboard.press('Enter');
  }
  await expect(page.getByRole('dialog')).toBeHidden();
});
