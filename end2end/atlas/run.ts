// Before the columns are measured: starts the servers. After that: puts the columns into app/atlas.json, or with
// STORAGE_LAB_ATLAS=compare says what they have otherwise than the file.
import type { FullConfig } from '@playwright/test';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Scheme } from '../support/engine/engine';
import startServers from '../support/engine/servers';
import { type Column, differences, FILE, readAtlas, recorded, withColumns, writeAtlas } from './file';

const folder = (outputDir: string) => join(outputDir, 'columns');

export const columnFile = (outputDir: string, engine: Engine, scheme: Scheme) => join(folder(outputDir), `${engine}-${scheme}.json`);

export default async function run(config: FullConfig): Promise<() => Promise<void>> {
  const columns = folder(config.projects[0]!.outputDir);
  rmSync(columns, { recursive: true, force: true });
  const stop = await startServers(config);
  return async () => {
    await stop();
    const files = existsSync(columns) ? readdirSync(columns).toSorted() : [];
    const measured = files.map((file) => JSON.parse(readFileSync(join(columns, file), 'utf8')) as Column);
    const atlas = readAtlas();
    const lines = measured.flatMap((column) => differences(recorded(atlas, column.engine, column.scheme), column));
    console.log([`${measured.length} columns were measured.`, ...lines, lines.length ? '' : 'Nothing differs from the file.'].join('\n'));
    if (process.env.STORAGE_LAB_ATLAS !== 'compare') {
      writeAtlas(withColumns(atlas, measured));
      console.log(`Written: ${FILE}`);
    } else if (lines.length) {
      throw new Error('The file differs from what was measured.');
    }
  };
}
