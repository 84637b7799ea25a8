// A program that somebody else wrote, as a child process in a group of its own, with what it says in a file.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const READY_WITHIN_MS = 30_000;
const GONE_WITHIN_MS = 10_000;

export type Command = {
  program: string;
  args: string[];
  cwd: string;
  env?: Record<string, string>;
};

export class Program {
  private constructor(
    private readonly child: ChildProcess,
    private readonly log: string,
  ) {}

  static start({ program, args, cwd, env }: Command, log: string): Program {
    const output = openSync(log, 'a');
    // A group of its own: what the program starts itself is stopped with it.
    const child = spawn(program, args, {
      cwd,
      detached: true,
      env: { PATH: process.env.PATH, HOME: cwd, ...env },
      stdio: ['ignore', output, output],
    });
    // That it has no process id says so too.
    child.once('error', () => {});
    return new Program(child, log);
  }

  /** Waits until it answers there, whatever that is. */
  async answers(address: string): Promise<void> {
    for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await setTimeout(50)) {
      if (this.hasEnded) break;
      if (await fetch(address, { method: 'HEAD', redirect: 'manual' }).then(() => true, () => false)) return;
    }
    throw new Error(`${this.child.spawnfile} does not answer at ${address}.\n${readFileSync(this.log, 'utf8')}`);
  }

  private get hasEnded(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Asks it to end, and ends what is left of its group. */
  async stop(): Promise<void> {
    if (this.child.pid === undefined) return;
    if (!this.hasEnded) {
      const gone = once(this.child, 'exit');
      this.signal(this.child.pid, 'SIGTERM');
      await Promise.race([gone, setTimeout(GONE_WITHIN_MS, undefined, { ref: false })]);
    }
    this.signal(this.child.pid, 'SIGKILL');
  }

  private signal(group: number, signal: NodeJS.Signals): void {
    try {
      process.kill(-group, signal);
    } catch {
      // Nobody of the group is left.
    }
  }
}
