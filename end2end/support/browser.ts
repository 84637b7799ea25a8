// A browser as people have it, with a profile that outlives it. Playwright's own contexts are like private windows, keep
// no session cookies across a restart, and have the partitioning of storage switched off.
import { type Browser, type BrowserContext, chromium } from '@playwright/test';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const STARTED_WITHIN_MS = 20_000;

/** Chromium's word for "never", for a kind of content in a profile's settings. */
const BLOCKED = 2;

/** Makes a profile whose owner has blocked something for all sites, in the browser's settings. */
export async function makeProfileThatBlocks(profile: string, ...kinds: ('cookies' | 'javascript')[]): Promise<void> {
  await mkdir(resolve(profile, 'Default'), { recursive: true });
  const blocked = Object.fromEntries(kinds.map((kind) => [kind, BLOCKED]));
  const settings = { profile: { default_content_setting_values: blocked } };
  await writeFile(resolve(profile, 'Default/Preferences'), JSON.stringify(settings));
}

export class PlainBrowser {
  private constructor(
    private readonly process: ChildProcess,
    readonly context: BrowserContext,
  ) {}

  /** Starts it on a profile, and waits for the tab that it restores; a profile that is not there yet is made. */
  static async start(profile: string, flags: readonly string[] = [], restored?: string): Promise<PlainBrowser> {
    // Of an earlier start, it would name that one's port.
    const portFile = resolve(profile, 'DevToolsActivePort');
    await rm(portFile, { force: true });
    const process = spawn(
      globalThis.process.env.STORAGE_LAB_CHROMIUM ?? chromium.executablePath(),
      [
        '--headless=new',
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        // Chromium's sandbox refuses root.
        ...(globalThis.process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...flags,
        'about:blank',
      ],
      { stdio: 'ignore' },
    );
    const devtools = `http://127.0.0.1:${await port(portFile)}`;
    if (restored) await loaded(devtools, restored);
    const browser = await chromium.connectOverCDP(devtools, { timeout: STARTED_WITHIN_MS });
    return new PlainBrowser(process, browser.contexts()[0]!);
  }

  /** Quits it as a person would: all that it keeps is written before it goes. */
  async quit(): Promise<void> {
    const gone = once(this.process, 'exit');
    const devtools = await this.context.browser()!.newBrowserCDPSession();
    await devtools.send('Browser.close').catch(() => {});
    await gone;
  }
}

/** Waits until a tab has its page: Playwright, connecting in the middle of that, would wait for ever or never learn its address. */
async function loaded(devtools: string, address: string): Promise<void> {
  let tabs: { title: string; url: string }[] = [];
  for (const deadline = Date.now() + STARTED_WITHIN_MS; Date.now() < deadline; await setTimeout(50)) {
    tabs = await fetch(`${devtools}/json/list`).then((answer) => answer.json() as Promise<typeof tabs>);
    // Until it has a title of its own, its address is its title.
    if (tabs.some(({ title, url }) => url === address && title && !address.includes(title))) return;
  }
  throw new Error(`Chromium did not restore ${address}: ${JSON.stringify(tabs)}`);
}

/** Chromium writes the port that it listens on into its profile. */
async function port(file: string): Promise<string> {
  for (const deadline = Date.now() + STARTED_WITHIN_MS; Date.now() < deadline; await setTimeout(50)) {
    const [port] = await readFile(file, 'utf8').then((text) => text.split('\n'), () => []);
    if (port) return port;
  }
  throw new Error('Chromium did not start.');
}
