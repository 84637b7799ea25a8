// Firefox by WebDriver BiDi and Chromium by its DevTools, both through Puppeteer.
import { mkdirSync } from 'node:fs';
import puppeteer, { type Browser as Driven, type BrowserContext, type KeyInput, type LaunchOptions, type Page as Tab } from 'puppeteer-core';
import { keysOf, type Browser, type Cookie, type Engine, type Launch, type Page, type Session } from './engine';

/** How long a page may take to come. */
const LOADED_WITHIN_MS = 20_000;

const VIEWPORT = { width: 1280, height: 800 };

/** Takes back what drivers set for their comfort: pop-ups and cookies are to be as people have them. */
const STOCK_FIREFOX = {
  'remote.prefs.recommended': false,
  'dom.disable_open_during_load': true,
  'network.cookie.cookieBehavior': 5,
  'browser.contentblocking.features.standard': 'tp,tpPrivate,cookieBehavior5,cookieBehaviorPBM5,cryptoTP,fp',
};

/** Firefox' word for "none at all". */
const REJECT_ALL = { 'network.cookie.cookieBehavior': 2 };

function options(engine: Engine, executablePath: string, { scripts, cookies = true }: Launch): LaunchOptions {
  const common = { executablePath, headless: true, acceptInsecureCerts: true, defaultViewport: VIEWPORT };
  if (engine === 'firefox') {
    const preferences = { ...STOCK_FIREFOX, ...(cookies ? {} : REJECT_ALL), 'javascript.enabled': scripts };
    return { ...common, browser: 'firefox', extraPrefsFirefox: preferences };
  }
  if (!scripts) throw new Error('Chromium without scripts is driven by Playwright.');
  // Chromium's sandbox refuses root.
  const args = ['--disable-gpu', '--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  return { ...common, browser: 'chrome', args, ignoreDefaultArgs: ['--disable-popup-blocking'] };
}

export async function launchByPuppeteer(engine: Engine, executablePath: string, launch: Launch): Promise<Browser> {
  const start = (userDataDir?: string) => puppeteer.launch({ ...options(engine, executablePath, launch), userDataDir });
  const browser = await start();
  return {
    engine,
    version: (await browser.version()).replace(/^.*\//, ''),
    session: async () => {
      // A context of Firefox has everything of its own. Chromium's are like private windows, so that it starts anew.
      if (engine === 'firefox') return new PuppeteerSession(await browser.createBrowserContext(), browser);
      const own = await start();
      return new PuppeteerSession(own.defaultBrowserContext(), own);
    },
    onProfile: async (folder) => {
      mkdirSync(folder, { recursive: true });
      const own = await start(folder);
      return new PuppeteerSession(own.defaultBrowserContext(), own);
    },
    close: () => browser.close(),
  };
}

class PuppeteerSession implements Session {
  private readonly noted: string[] = [];

  constructor(
    private readonly context: BrowserContext,
    private readonly browser: Driven,
  ) {
    context.on('targetcreated', async (target) => {
      // One that is closed again at once is no page any more.
      const tab = await target.page().catch(() => null);
      tab?.on('pageerror', (error) => this.noted.push(String(error)));
      tab?.on('console', (message) => {
        if (message.type() === 'error') this.noted.push(`${message.text()} (${message.location().url ?? ''})`);
      });
    });
  }

  async page(): Promise<Page> {
    return new PuppeteerPage(await this.context.newPage());
  }

  async openPages(): Promise<number> {
    return (await this.context.pages()).length;
  }

  async cookies(url: string): Promise<Cookie[]> {
    const { hostname, pathname } = new URL(url);
    const goesTo = ({ domain, path }: Cookie) => {
      const below = `${path.replace(/\/$/, '')}/`;
      return domain.replace(/^\./, '') === hostname && (pathname === path || pathname.startsWith(below));
    };
    // Firefox lists those that have ended until it throws them away.
    const lives = ({ expires, session }: { expires: number; session: boolean }) => session || expires * 1_000 > Date.now();
    const all = (await this.context.cookies()).filter(lives);
    const cookies = all.map(({ name, value, domain, path, httpOnly = false, secure }) => ({ name, value, domain, path, httpOnly, secure }));
    return cookies.filter(goesTo);
  }

  async errors(): Promise<string[]> {
    return [...this.noted];
  }

  async close(): Promise<void> {
    if (this.context === this.browser.defaultBrowserContext()) await this.browser.close();
    else await this.context.close();
  }
}

class PuppeteerPage implements Page {
  constructor(private readonly tab: Tab) {}

  async goto(url: string): Promise<void> {
    await this.tab.goto(url, { timeout: LOADED_WITHIN_MS });
  }

  async reload(): Promise<void> {
    await this.tab.reload({ timeout: LOADED_WITHIN_MS });
  }

  async url(): Promise<string> {
    return this.tab.url();
  }

  evaluate<Args extends unknown[], Result>(work: (...args: Args) => Result | Promise<Result>, ...args: Args): Promise<Result> {
    return this.tab.evaluate(work as (...args: unknown[]) => unknown, ...args) as Promise<Result>;
  }

  async evaluateIn<Args extends unknown[], Result>(find: () => Element | null | undefined, work: (...args: Args) => Result | Promise<Result>, ...args: Args): Promise<Result> {
    const found = (await this.tab.evaluateHandle(find)).asElement();
    const frame = await found?.contentFrame();
    if (!frame) throw new Error('There is no such frame.');
    return frame.evaluate(work as (...args: unknown[]) => unknown, ...args) as Promise<Result>;
  }

  async run(source: string): Promise<void> {
    await this.tab.evaluate(source);
  }

  async click<Args extends unknown[]>(find: (...args: Args) => Element | undefined, ...args: Args): Promise<boolean> {
    // Not by a handle: Puppeteer watches those by scripts of the page, which may be off.
    const source = `((...args) => {
      const element = (${find})(...args);
      element?.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { x, y, width, height } = element?.getBoundingClientRect() ?? { x: 0, y: 0, width: 0, height: 0 };
      const at = { x: x + width / 2, y: y + height / 2 };
      const hit = width > 0 ? element.getRootNode().elementFromPoint(at.x, at.y) : null;
      return hit && (element.contains(hit) || hit.contains(element)) ? at : null;
    })(...${JSON.stringify(args)})`;
    const at = (await this.tab.evaluate(source)) as { x: number; y: number } | null;
    if (at) await this.tab.mouse.click(at.x, at.y);
    return at !== null;
  }

  async type(text: string): Promise<void> {
    await this.tab.keyboard.type(text);
  }

  async press(key: string): Promise<void> {
    const keys = keysOf(key) as KeyInput[];
    const last = keys.pop()!;
    for (const held of keys) await this.tab.keyboard.down(held);
    await this.tab.keyboard.press(last);
    for (const held of keys.reverse()) await this.tab.keyboard.up(held);
  }

  async picture(): Promise<Buffer> {
    return Buffer.from(await this.tab.screenshot());
  }

  async front(): Promise<void> {
    await this.tab.bringToFront();
  }

  async close(): Promise<void> {
    await this.tab.close();
  }
}
