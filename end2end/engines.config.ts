// npm run engines: stock Firefox and WebKitGTK, each over plain HTTP and over TLS, by their own drivers. What this machine
// lacks is named and not run. The binary is that of playwright.config.ts; WebKit needs a display (xvfb-run -a).
import { defineConfig } from '@playwright/test';
import type { Options } from './support/engine/fixtures';
import tests from './playwright.config';

const { retries, workers, forbidOnly, reporter, outputDir } = tests;

export default defineConfig<object, Options>({
  retries, workers, forbidOnly, reporter, outputDir,
  globalSetup: './support/engine/servers.ts',
  testDir: './engines',
  fullyParallel: true,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  use: { trace: 'off', ignoreHTTPSErrors: true },
  projects: (['firefox', 'webkit'] as const).flatMap((engine) => [
    { name: engine, use: { engine, scheme: 'http' as const } },
    { name: `${engine}-tls`, use: { engine, scheme: 'https' as const }, grepInvert: /@once/ },
  ]),
});
