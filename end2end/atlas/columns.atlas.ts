// Measures a column of the atlas: every experiment and what the matrix does by itself, in one browser over one scheme.
// The page keeps what came out; this adds what only the driver knows and leaves the column beside the results of the run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Bench } from '../support/engine/bench';
import { NAMES, type Page } from '../support/engine/engine';
import { AFTER_A_RESTART, type Conclusion, Experiment, runAcrossARestart } from '../support/engine/experiment';
import { expect, test } from '../support/engine/fixtures';
import { Matrix } from '../support/engine/matrix';
import { SLUGS } from '../support/experiment';
import { CALLED, type Column, labVersion, systemName } from './file';
import { keptByThePage, type Measured } from './kept';
import { columnFile } from './run';

const AT_ONCE = SLUGS.filter((slug) => slug !== AFTER_A_RESTART);

test('the column', async ({ baseURL, driven, engine, scheme, tab, tolerate }, testInfo) => {
  tolerate(/./); // Errors are the suite's matter.
  test.setTimeout(30 * 60_000);
  const measured: Measured = { experiments: {}, matrix: {} };
  // Some experiments clear the storage, and with it what was kept before them.
  const note = async (page: Page) => {
    const { experiments, matrix } = await keptByThePage(page);
    Object.assign(measured.experiments, experiments);
    Object.assign(measured.matrix, matrix);
  };
  const tell = (slug: string, { outcome, words }: Conclusion) =>
    console.log(`${NAMES[engine]} ${driven.version}, ${scheme}, ${slug}: ${outcome}. ${words}`);
  for (const slug of AT_ONCE) {
    const experiment = await new Experiment(tab).open(slug);
    await experiment.start();
    tell(slug, await experiment.concludes());
    await note(tab.page);
  }
  if (driven.onProfile) {
    const start = () => driven.onProfile!(testInfo.outputPath('profile'));
    const { after, tab, conclusion } = await runAcrossARestart(start, baseURL!);
    tell(AFTER_A_RESTART, conclusion);
    await note(tab.page);
    await after.close();
  }
  const matrix = await new Matrix(await new Bench(tab).open()).open();
  await matrix.runAll();
  await note(tab.page);
  expect(Object.keys(measured.experiments)).toEqual(expect.arrayContaining(AT_ONCE));
  expect(Object.keys(measured.matrix).length, 'rows of the matrix').toBeGreaterThan(0);

  const column: Column = {
    ...CALLED[engine],
    version: driven.version,
    system: systemName(),
    scheme,
    measured: new Date().toISOString().slice(0, 10),
    made_by: 'script/atlas',
    lab: labVersion(),
    ...measured,
  };
  const file = columnFile(testInfo.project.outputDir, engine, scheme);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(column));
});
