// The pictures of the README: the bench of somebody who is logged in, light and dark; the survival matrix; the wire view.
import type { Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { type Bench, STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { logIn, signUp, somebody } from '../support/people';
import { Matrix } from '../support/survival';

const file = (name: string) => fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));

async function settled(bench: Bench, page: Page, colorScheme: 'light' | 'dark', name: string): Promise<void> {
  const person = { ...somebody(), username: name };
  await signUp(page.request, person);
  await logIn(page.request, person);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.addInitScript(() => localStorage.setItem('lab-tour', 'done'));
  await bench.open();
  await bench.putAndWait('colour', 'cornflower blue');
  await bench.putAndWait('greeting', 'Grüße aus Zürich');
  for (const store of STORES) await bench.shows(store, 'lab-greeting', 'Grüße aus Zürich');
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the bench, ${colorScheme}`, async ({ bench, page }) => {
    await settled(bench, page, colorScheme, `ada-${colorScheme}`);
    await page.screenshot({ path: file(`bench-${colorScheme}`), fullPage: true });
  });
}

test('the survival matrix', async ({ bench, page, tolerate }) => {
  // Playwright denies storage to frames of another site.
  tolerate(/Access is denied for this document/);
  await settled(bench, page, 'light', 'ada-matrix');
  const matrix = await new Matrix(page).open();
  await matrix.button('Run all that need no leaving').click();
  await expect(bench.status).toHaveText(/Tried all/, { timeout: 50_000 });
  await matrix.panel.screenshot({ path: file('matrix-light') });
});

test('the wire view', async ({ bench, page }) => {
  await settled(bench, page, 'light', 'ada-wire');
  const panel = await bench.tool('Wire view');
  await panel.getByRole('button', { name: 'Send a request now' }).click();
  await expect(panel.getByRole('heading', { name: 'GET /lab/echo', exact: true })).toBeFocused();
  await panel.screenshot({ path: file('wire-light') });
});
