// Before the run: starts the servers that the tests share, one for each database. After it: stops them and reads their logs.
import type { FullConfig } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHEAP_HASHING, HIGH_LIMITS, Server } from './server';

export type Database = 'sqlite' | 'postgres';

/** How the workers learn where the shared servers are. */
export const urlVariable = (database: Database) => `STORAGE_LAB_END2END_${database.toUpperCase()}`;

export default async function startServers(config: FullConfig): Promise<() => Promise<void>> {
  const folder = join(config.projects[0]!.outputDir, 'servers');
  mkdirSync(folder, { recursive: true });
  const databases = new Map<Database, string>([['sqlite', `sqlite://${join(folder, 'lab.db')}`]]);
  const postgres = process.env.STORAGE_LAB_TEST_POSTGRES;
  if (postgres) databases.set('postgres', postgres);
  else if (!process.env.CI) console.log('STORAGE_LAB_TEST_POSTGRES is not set: the tests on PostgreSQL are left out.');

  const flags = [...CHEAP_HASHING, ...HIGH_LIMITS];
  const wanted = [...databases].map(([name, database]) => ({ variable: urlVariable(name), database, log: join(folder, `${name}.log`), flags }));
  return startAll(wanted);
}

/** Starts servers, says in a variable of the environment where each is, and returns how they are stopped. */
export async function startAll(wanted: { variable: string; database: string; log: string; flags: string[] }[]): Promise<() => Promise<void>> {
  const servers: Server[] = [];
  for (const { variable, ...settings } of wanted) {
    const server = await Server.launch(settings);
    process.env[variable] = server.url;
    servers.push(server);
  }
  return async () => {
    const outcomes = await Promise.allSettled(servers.map((server) => server.stop()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };
}
