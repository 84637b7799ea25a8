// What the tests of real apps behind the port start with: the app, and a lab of the test's own in front of it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { test as base } from '../fixtures';
import { CHEAP_HASHING, freePort, ROOT } from '../server';
import { type Command, Program } from './program';

export { expect } from '../fixtures';

export const APPS = resolve(ROOT, 'end2end/your-app/apps');

/** Where one app is, alone and through the port. */
export type Origins = { alone: string; through: string };
/** With the lab that is in front of it. */
export type Served = Origins & { lab: string };

type Fixtures = {
  /** A copy of an app's folder, which the test may change. */
  copied: (name: string) => Promise<string>;
  /** Starts an app on a port that is free, and a lab in front of it; `path` is one that the app answers. */
  served: (command: (port: number) => Command, path?: string) => Promise<Served>;
};

export const test = base.extend<Fixtures>({
  // Not with the test's other results: Vite does not watch folders of that name.
  copied: async ({}, use) => {
    const folders: string[] = [];
    await use(async (name) => {
      const folder = await mkdtemp(join(tmpdir(), 'storage-lab-app-'));
      folders.push(folder);
      await cp(join(APPS, name), folder, { recursive: true });
      return folder;
    });
    for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  },

  // After `copied`, or it would be gone while the app still runs in it.
  served: async ({ context, launch, copied: _ }, use, testInfo) => {
    const programs: Program[] = [];
    await use(async (command, path = '/') => {
      const port = await freePort();
      const program = Program.start(command(port), testInfo.outputPath(`app-${programs.length}.log`));
      programs.push(program);
      // By name, so that the app's host differs from the port's.
      const alone = `http://localhost:${port}`;
      await program.answers(alone + path);
      const own = `127.0.0.1:${await freePort()}`;
      const lab = await launch([...CHEAP_HASHING, '--app', alone, '--app-addr', own]);
      return { alone, through: `http://${own}`, lab: lab.url };
    });
    for (const page of context.pages()) await page.close();
    for (const program of programs) await program.stop();
  },
});

const FOLDER = process.env.STORAGE_LAB_PYTHON_APPS;

/** Leaves a file's tests out where nobody installed Django and JupyterLab; in CI, and where their folder is named, they fail. */
export function needsPython(): void {
  test.skip(!FOLDER && !process.env.CI, 'STORAGE_LAB_PYTHON_APPS is not set: script/setup test installs Django and JupyterLab');
}

/** The Python that has Django and JupyterLab. */
export function python(): string {
  const program = FOLDER && resolve(FOLDER, 'bin/python');
  if (!program || !existsSync(program)) throw new Error('STORAGE_LAB_PYTHON_APPS names no Python environment: script/setup test makes it.');
  return program;
}

/** Runs a command to its end. */
export async function run({ program, args, cwd, env }: Command): Promise<void> {
  await promisify(execFile)(program, args, { cwd, env: { PATH: process.env.PATH, HOME: cwd, ...env } });
}
