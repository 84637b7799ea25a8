// Before the run: a server over plain HTTP and one over TLS, and a word about each engine that this machine lacks.
import type { FullConfig } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHEAP_HASHING, HIGH_LIMITS, SELF_SIGNED } from '../server';
import { startAll } from '../servers';
import { available } from './available';
import type { Engine, Scheme } from './engine';

/** How the workers learn where the servers are. */
export const urlVariable = (scheme: Scheme) => `STORAGE_LAB_ENGINES_${scheme.toUpperCase()}`;

export default async function startServers(config: FullConfig): Promise<() => Promise<void>> {
  const engines = config.projects.map(({ use }) => (use as { engine?: Engine }).engine);
  for (const engine of new Set(engines.filter((engine) => engine !== undefined))) {
    const found = available(engine);
    if ('why' in found) console.log(found.why);
  }
  const folder = join(config.projects[0]!.outputDir, 'servers');
  mkdirSync(folder, { recursive: true });
  const flags = [...CHEAP_HASHING, ...HIGH_LIMITS];
  return startAll(
    (['http', 'https'] as const).map((scheme) => ({
      variable: urlVariable(scheme),
      database: `sqlite://${join(folder, `${scheme}.db`)}`,
      log: join(folder, `${scheme}.log`),
      flags: scheme === 'https' ? [...flags, ...SELF_SIGNED] : flags,
    })),
  );
}
