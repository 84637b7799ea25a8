// npm run measure: how long the page keeps a visitor waiting, as script/bench prints it.
import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

export default defineConfig(tests, {
  testDir: './measure',
  workers: 1,
  timeout: 600_000,
  use: { trace: 'off' },
  projects: [{ name: 'measure', testMatch: '*.measure.ts' }],
});
