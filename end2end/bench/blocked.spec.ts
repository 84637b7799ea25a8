// A profile whose owner blocks what sites keep: every refusal has its words where it happens, and nothing waits for ever.
import type { Page } from '@playwright/test';
import { Bench, QUOTA_MANAGED } from '../support/bench';
import { makeProfileThatBlocks, PlainBrowser } from '../support/browser';
import { Experiment, SLUGS } from '../support/experiment';
import { expect, test as base } from '../support/fixtures';
import { fillIn, logInOnPage, somebody } from '../support/people';

type Blocking = { blocks: ('cookies' | 'javascript')[]; blocked: Page };

const test = base.extend<Blocking>({
  blocks: [['cookies'], { option: true }],
  /** A page in such a profile. */
  blocked: async ({ blocks }, use, testInfo) => {
    const profile = testInfo.outputPath('profile');
    await makeProfileThatBlocks(profile, ...blocks);
    const browser = await PlainBrowser.start(profile);
    const page = await browser.context.newPage();
    // On a narrow one the switches of the columns are folded.
    await page.setViewportSize({ width: 1280, height: 720 });
    await use(page);
    await browser.quit();
  },
});

const UNKEPT = /You are not logged in\. If your password has just been taken, this browser did not keep the cookie of your log-in: allow cookies/;

test('a value that is put in all four is refused by each with the reason, the server session\'s cookie too', async ({ baseURL, blocked: page }) => {
  await page.goto(baseURL!);
  const bench = new Bench(page);
  await expect(page.getByRole('main')).toContainText('Live: what other tabs change');
  await bench.put('tea', 'green');
  await expect(bench.status).toHaveText('No store took lab-tea.');
  for (const store of ['sessionStorage', 'localStorage']) {
    await expect(bench.valueField).toHaveAccessibleDescription(new RegExp(`${store}: The browser denies this page the store\\.`));
  }
  await expect(bench.valueField).toHaveAccessibleDescription(/Cookies: The browser did not keep it\. Cookies may be blocked for this site/);
  await expect(bench.valueField).toHaveAccessibleDescription(/Server session: The server took it, but this browser did not keep the session's cookie/);
  await expect(bench.valueField).toHaveValue('green');
});

test('each store that can be switched on says that it is denied', async ({ baseURL, blocked: page }) => {
  await page.goto(baseURL!);
  const bench = new Bench(page);
  await expect(page.getByRole('main')).toContainText('Live: what other tabs change');
  for (const store of QUOTA_MANAGED) {
    await bench.columnSwitch(store).click();
    await expect(bench.status).toHaveText(`${store}: This browser denies this page the store: private windows often do.`);
  }
});

test('every experiment comes to its end, and waits for no other tab', async ({ baseURL, blocked: page }) => {
  test.setTimeout(SLUGS.length * 20_000);
  for (const slug of SLUGS) {
    await test.step(slug, async () => {
      const experiment = await new Experiment(page).open(slug, '', baseURL!);
      await experiment.choices.first().check();
      await experiment.button('Run it').click();
      const said = experiment.verdict.locator('strong');
      await expect(said).toHaveText(/^(Holds(, with a catch)?\.|Cannot be tried here\.)$/, { timeout: 20_000 });
      if ((await said.textContent()) === 'Cannot be tried here.') await expect(experiment.verdict).toContainText(/[Aa]llow|Check its settings/);
      await expect(experiment.trouble).toBeHidden();
    });
  }
});

test('logging in says beforehand that cookies are blocked, and afterwards that none was kept', async ({ baseURL, blocked: page }) => {
  const person = somebody();
  await page.goto(`${baseURL}/signup`);
  await expect(page.getByRole('main')).toContainText('Logging in needs a cookie of this site.');
  await fillIn(page, person);
  await expect(page.getByText('This browser blocks cookies here, so that logging in cannot work.')).toBeVisible();
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByText('Your account is made. Log in with it now.')).toBeVisible();
  await expect(page.getByText('This browser blocks cookies here, so that logging in cannot work.')).toBeVisible();
  await logInOnPage(page, person);
  await expect(page.getByRole('alert').filter({ hasText: UNKEPT })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Log in' })).toBeEnabled();
});

test.describe('without scripts', () => {
  test.use({ blocks: ['cookies', 'javascript'] });

  test('logging in without scripts says what it needs before and after', async ({ baseURL, blocked: page }) => {
    const person = somebody();
    await page.goto(`${baseURL}/signup`);
    await fillIn(page, person);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expect(page.getByText('Your account is made. Log in with it now.')).toBeVisible();
    await expect(page.getByRole('main')).toContainText('Logging in needs a cookie of this site.');
    for (const next of ['', '?next=/']) {
      await page.goto(`${baseURL}/login${next}`);
      await logInOnPage(page, person);
      await expect(page.getByRole('alert').filter({ hasText: UNKEPT })).toBeVisible();
    }
  });
});
