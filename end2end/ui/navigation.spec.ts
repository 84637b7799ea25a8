// Links of the lab are followed without a new document; what is no page of the lab is the browser's.
import { expect, test } from '../support/fixtures';
import { openAwake } from '../support/pages';
import type { Page } from '@playwright/test';

const link = (page: Page, name: string) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { sameDocument: true }));
const isSameDocument = (page: Page) => page.evaluate(() => 'sameDocument' in window);

test('a link shows the next page in the same document, with its title and its place in the navigation', async ({ page }) => {
  await openAwake(page, '/');
  await mark(page);
  await expect(link(page, 'Bench')).toHaveAttribute('aria-current', 'page');
  await link(page, 'Experiments').click();
  await expect(heading(page, 'Experiments')).toBeVisible();
  await expect(page).toHaveURL('/experiments');
  await expect(page).toHaveTitle('Experiments · Storage Lab');
  await expect(link(page, 'Experiments')).toHaveAttribute('aria-current', 'page');
  await expect(link(page, 'Bench')).not.toHaveAttribute('aria-current', 'page');
  expect(await isSameDocument(page)).toBe(true);
});

test('back and forward lead through the pages in the same document', async ({ page }) => {
  await openAwake(page, '/');
  await mark(page);
  await link(page, 'Experiments').click();
  await page.getByRole('link', { name: 'HTTP forgets' }).first().click();
  await expect(page).toHaveURL('/experiments/http-forgets');
  await page.goBack();
  await expect(heading(page, 'Experiments')).toBeVisible();
  await page.goBack();
  await expect(heading(page, 'See where the web keeps things')).toBeVisible();
  await page.goForward();
  await expect(heading(page, 'Experiments')).toBeVisible();
  await expect(page).toHaveURL('/experiments');
  expect(await isSameDocument(page)).toBe(true);
});

test('a page begins at its top, and back leads to where one was', async ({ page }) => {
  await openAwake(page, '/experiments');
  const last = page.getByRole('main').getByRole('link', { name: /popular mistakes/ });
  await last.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(200);
  await last.click();
  await expect(page).toHaveURL('/experiments/myths');
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(200);
});

test('while the next page is on its way the page before stands and says that it is busy', async ({ page }) => {
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/split_experiments/, async (route) => {
    await held;
    await route.continue();
  });
  await openAwake(page, '/');
  await expect(page.getByRole('main')).toHaveAttribute('aria-busy', 'false');
  await link(page, 'Experiments').click();
  await expect(page.getByRole('main')).toHaveAttribute('aria-busy', 'true');
  await expect(heading(page, 'See where the web keeps things')).toBeVisible();
  release();
  await expect(heading(page, 'Experiments')).toBeVisible();
  await expect(page.getByRole('main')).toHaveAttribute('aria-busy', 'false');
});

test('a click with a modifier key opens another tab and leaves this one where it is', async ({ context, page }) => {
  await openAwake(page, '/');
  const opened = context.waitForEvent('page');
  await link(page, 'Experiments').click({ modifiers: ['ControlOrMeta'] });
  await expect(heading(await opened, 'Experiments')).toBeVisible();
  await expect(page).toHaveURL('/');
});

test('of two links the one that was clicked last is shown, however late the first one comes', async ({ page }) => {
  await openAwake(page, '/');
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/split_experiments/, async (route) => {
    await held;
    await route.continue();
  });
  await link(page, 'Experiments').click();
  await link(page, 'Log in').click();
  await expect(heading(page, 'Log in')).toBeVisible();
  const came = page.waitForResponse(/split_experiments/);
  release();
  await (await came).finished();
  await expect(page).toHaveURL('/login');
  await link(page, 'Sign up').click();
  await expect(heading(page, 'Sign up')).toBeVisible();
});

test('what is typed on one page is not on the next one', async ({ page }) => {
  await openAwake(page, '/login');
  await page.getByLabel('Username').fill('somebody');
  await link(page, 'Sign up').click();
  await expect(heading(page, 'Sign up')).toBeVisible();
  await expect(page.getByLabel('Username')).toHaveValue('');
});

test('an address that is no page is answered 404 and leads back to the bench', async ({ page, tolerate }) => {
  tolerate(/status of 404/);
  const answer = await page.goto('/no-such-page');
  expect(answer!.status()).toBe(404);
  await expect(heading(page, 'There is nothing here')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'bench' }).click();
  await expect(heading(page, 'See where the web keeps things')).toBeVisible();
});
