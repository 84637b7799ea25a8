// The storage-lab binary as a child process, with its log in a file.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { get as getPlain } from 'node:http';
import { get as getByTls } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PASSWORD_MARK } from './people';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The release build. */
export const BINARY = resolve(ROOT, process.env.STORAGE_LAB_BIN ?? 'target/release/storage-lab');
const READY_WITHIN_MS = 20_000;
// Real hashing is slow on purpose; the tests that do not look at it are spared.
export const CHEAP_HASHING = ['--hash-memory-kib', '1024', '--hash-iterations', '1'];
// All tests come from one address; those that look at its limits launch a server of their own.
export const HIGH_LIMITS = ['--address-failures', '100000', '--address-sign-ups', '100000', '--address-sessions', '1000000'];

/** HTTPS with a certificate that nobody vouches for. */
export const SELF_SIGNED = ['--tls', 'self-signed'];

type Settings = { database: string; log: string; flags?: string[] };

export class Server {
  private child?: ChildProcess;

  private constructor(
    private readonly settings: Settings,
    private readonly port: number,
  ) {}

  static async launch(settings: Settings): Promise<Server> {
    mkdirSync(dirname(settings.log), { recursive: true });
    const server = new Server(settings, await freePort());
    await server.start();
    return server;
  }

  /** By name: a browser takes `Secure` cookies over plain HTTP from localhost only. */
  get url(): string {
    return `${this.isByTls ? 'https' : 'http'}://localhost:${this.port}`;
  }

  private get isByTls(): boolean {
    return this.settings.flags?.includes(SELF_SIGNED[0]!) ?? false;
  }

  /** Stops it and starts it again at the same address, with further flags. */
  async restart(...further: string[]): Promise<void> {
    await this.kill('SIGTERM');
    await this.start(further);
  }

  async start(further: string[] = []): Promise<void> {
    const { database, log, flags = CHEAP_HASHING } = this.settings;
    const stderr = openSync(log, 'a');
    const child = spawn(BINARY, ['serve', '--addr', `127.0.0.1:${this.port}`, '--database-url', database, ...flags, ...further], {
      // Nothing but the binary is needed, wherever it is.
      cwd: '/',
      env: { PATH: process.env.PATH, NO_COLOR: '1', RUST_BACKTRACE: '1' },
      stdio: ['ignore', 'ignore', stderr],
    });
    this.child = child;
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    while (!(await this.isReady())) {
      if (failure || child.exitCode !== null || Date.now() > giveUpAt) {
        child.kill('SIGKILL');
        throw new Error(`${BINARY} did not start. ${failure?.message ?? ''}\n${readFileSync(log, 'utf8')}`);
      }
      await setTimeout(50);
    }
  }

  /** Gives an operator's command on the server's database; returns what it prints. */
  operate(...command: string[]): string {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync(BINARY, [...command, '--database-url', this.settings.database], { encoding: 'utf8', stdio: [...stdio] });
  }

  private isReady(): Promise<boolean> {
    const get = this.isByTls ? getByTls : getPlain;
    return new Promise((done) => {
      const request = get(`${this.url}/readyz`, { family: 4, rejectUnauthorized: false }, (answer) => {
        answer.resume();
        done(answer.statusCode === 200);
      });
      request.on('error', () => done(false));
    });
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    await gone;
  }

  /** Stops it as an operator would and reads its log: it must have neither panicked nor told a secret. */
  async stop(): Promise<void> {
    await this.kill('SIGTERM');
    const log = readFileSync(this.settings.log, 'utf8').split('\n');
    const lines = log.filter((line) => FORBIDDEN_IN_LOG.some((pattern) => pattern.test(line)));
    if (lines.length) throw new Error(`Panics or secrets in ${this.settings.log}:\n${lines.join('\n')}`);
  }
}

const FORBIDDEN_IN_LOG = [
  /panicked at/,
  new RegExp(PASSWORD_MARK),
  // Anything shaped like the secret half of a session token.
  /(?<![\w-])[\w-]{43}(?![\w-])/,
];

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
