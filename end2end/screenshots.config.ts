// npm run screenshots: draws the pictures of the README into docs/images.
import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

export default defineConfig(tests, {
  testDir: './screenshots',
  projects: [{ name: 'screenshots', testMatch: '*.shot.ts' }],
});
