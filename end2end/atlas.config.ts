// script/atlas: measures stock browsers for app/atlas.json. The engines are named as projects: --project firefox-http …
import { defineConfig } from '@playwright/test';
import engines from './engines.config';
import type { Options } from './support/engine/fixtures';

export default defineConfig<object, Options>({
  ...engines,
  globalSetup: './atlas/run.ts',
  testDir: './atlas',
  testMatch: '*.atlas.ts',
  retries: 0,
  // Times are measured, too: nothing else may run beside it.
  workers: 1,
  projects: (['chromium', 'firefox', 'webkit'] as const).flatMap((engine) =>
    (['http', 'https'] as const).map((scheme) => ({ name: `${engine}-${scheme}`, use: { engine, scheme } })),
  ),
});
