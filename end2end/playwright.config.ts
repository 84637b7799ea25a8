// What runs where. Set by script/test, each with a default:
//   STORAGE_LAB_BIN            the release binary, ../target/release/storage-lab
//   STORAGE_LAB_CHROMIUM       the browser, Playwright's own
//   STORAGE_LAB_HEADLESS_SHELL the same browser without windows, in half the time; the browser
//   STORAGE_LAB_TEST_POSTGRES  URL of an empty database; without it the project "postgres" is left out, in CI it fails
//   STORAGE_LAB_PYTHON_APPS    the Python environment with Django and JupyterLab; without it their tests are left out, in CI they fail
//   STORAGE_LAB_TEST_RETRIES   how often a journey that failed is tried again, 0; then it counts as flaky
import { defineConfig } from '@playwright/test';
import type { Options } from './support/fixtures';

const WITHOUT_SCRIPTS = '**/no-script.spec.ts';
/** Stock browsers by their own drivers: engines.config.ts. */
const ENGINES = '**/engines/**';
/** What the headless shell lets pass and the whole browser does not: in its private windows frames of other sites keep nothing. */
const WHOLE_BROWSER = /@whole-browser/;

const { STORAGE_LAB_CHROMIUM: whole, STORAGE_LAB_HEADLESS_SHELL: shell = whole } = process.env;
const started = (executablePath: string | undefined) => ({
  executablePath,
  // Chromium's sandbox refuses root.
  chromiumSandbox: process.getuid?.() !== 0,
  args: [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

export default defineConfig<object, Options>({
  globalSetup: './support/servers.ts',
  outputDir: './test-results',
  fullyParallel: true,
  workers: 2,
  retries: Number(process.env.STORAGE_LAB_TEST_RETRIES ?? 0),
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    // A tenth of the time goes into it: at the further try, or with --trace.
    trace: 'on-first-retry',
    launchOptions: started(shell),
  },
  projects: [
    { name: 'sqlite', testIgnore: [WITHOUT_SCRIPTS, ENGINES], grepInvert: WHOLE_BROWSER },
    { name: 'whole-browser', testIgnore: ENGINES, grep: WHOLE_BROWSER, use: { channel: whole ? undefined : 'chromium', launchOptions: started(whole) } },
    { name: 'no-script', testMatch: WITHOUT_SCRIPTS, testIgnore: ENGINES, use: { javaScriptEnabled: false } },
    // The journeys that cross the whole house, on the other database.
    ...(process.env.STORAGE_LAB_TEST_POSTGRES || process.env.CI
      ? [{ name: 'postgres', testIgnore: ENGINES, grep: /@databases/, use: { database: 'postgres' as const } }]
      : []),
  ],
});
