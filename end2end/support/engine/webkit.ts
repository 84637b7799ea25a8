// WebKitGTK by WebDriver: its MiniBrowser, driven by WebKitWebDriver. It needs a display.
import { Builder, Capabilities, error, Key, type WebDriver, type WebElement } from 'selenium-webdriver';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../server';
import { keysOf, type Browser, type Cookie, type Launch, type Page, type Session } from './engine';

const STARTED_WITHIN_MS = 10_000;
/** What a click may meet that is only just coming or going. */
const NOT_YET = [
  error.StaleElementReferenceError,
  error.ElementClickInterceptedError,
  error.ElementNotInteractableError,
  error.MoveTargetOutOfBoundsError,
];

export type WebKitPaths = { driver: string; browser: string };

export async function launchWebKit(paths: WebKitPaths, launch: Launch): Promise<Browser> {
  const port = await freePort();
  const driver = spawn(paths.driver, [`--port=${port}`, '--host=127.0.0.1'], { stdio: 'ignore' });
  const server = `http://127.0.0.1:${port}`;
  await answers(server, driver);
  const begin = () => build(server, paths.browser, launch);
  const first = await begin();
  const version = (await first.getCapabilities()).get('browserVersion') as string;
  await first.quit();
  return {
    engine: 'webkit',
    version,
    // One at a time: each has everything of its own, and starts within half a second.
    session: async () => new WebKitSession(await begin()),
    close: async () => {
      const gone = once(driver, 'exit');
      driver.kill();
      await gone;
    },
  };
}

function build(server: string, binary: string, { scripts }: Launch): Promise<WebDriver> {
  const capabilities = new Capabilities();
  capabilities.set('browserName', 'MiniBrowser');
  capabilities.set('acceptInsecureCerts', true);
  const args = ['--automation', ...(scripts ? [] : ['--enable-javascript=false'])];
  capabilities.set('webkitgtk:browserOptions', { binary, args });
  return Promise.resolve(new Builder().usingServer(server).withCapabilities(capabilities).build());
}

async function answers(server: string, driver: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + STARTED_WITHIN_MS; Date.now() < deadline; await setTimeout(50)) {
    if (driver.exitCode !== null) break;
    if (await fetch(`${server}/status`).then(({ ok }) => ok, () => false)) return;
  }
  throw new Error('WebKitWebDriver did not start.');
}

/** WebDriver tells no errors of the page, and it has no earlier moment than this: when the page is there. */
function collectErrors(): void {
  const noted = ((globalThis as Noting).labErrors ??= []);
  addEventListener('error', (event) => void noted.push(String(event.error ?? event.message)));
  addEventListener('unhandledrejection', (event) => void noted.push(String(event.reason)));
  const { error } = console;
  console.error = (...words: unknown[]) => {
    noted.push(words.join(' '));
    error(...words);
  };
}
type Noting = typeof globalThis & { labErrors?: string[] };

class WebKitSession implements Session {
  private readonly noted: string[] = [];
  private readonly pages: WebKitPage[] = [];
  /** A command and the choice of its window belong together: they wait for each other. */
  private last: Promise<unknown> = Promise.resolve();
  private isFresh = true;

  constructor(readonly driver: WebDriver) {}

  /** Does something in a window, when everything before is done. */
  in<Result>(handle: string, work: (driver: WebDriver) => Promise<Result>): Promise<Result> {
    return this.inTurn(async () => {
      await this.driver.switchTo().window(handle);
      return work(this.driver);
    });
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }

  async page(): Promise<Page> {
    const handle = await this.inTurn(async () => {
      // The session began with one. A further one is asked for from one that is still there.
      if (!this.isFresh) {
        await this.driver.switchTo().window((await this.driver.getAllWindowHandles())[0]!);
        await this.driver.switchTo().newWindow('window');
      }
      this.isFresh = false;
      return this.driver.getWindowHandle();
    });
    const page = new WebKitPage(this, handle);
    this.pages.push(page);
    return page;
  }

  openPages(): Promise<number> {
    return this.inTurn(async () => (await this.driver.getAllWindowHandles()).length);
  }

  async cookies(url: string): Promise<Cookie[]> {
    // It lists those of the document.
    const page = (await this.page()) as WebKitPage;
    await page.goto(url);
    const cookies = await this.in(page.handle, (driver) => driver.manage().getCookies());
    await page.close();
    return cookies.map(({ name, value, domain, path, httpOnly, secure }) => ({
      name, value, domain: domain ?? '', path: path ?? '/', httpOnly: httpOnly ?? false, secure: secure ?? false,
    }));
  }

  /** Notes what a page has collected before it goes. */
  async note(page: WebKitPage): Promise<void> {
    const collected = await page.evaluate(() => (globalThis as Noting).labErrors?.splice(0) ?? []).catch(() => []);
    this.noted.push(...collected);
  }

  async errors(): Promise<string[]> {
    for (const page of this.pages) await this.note(page);
    return [...this.noted];
  }

  forget(page: WebKitPage): void {
    this.pages.splice(this.pages.indexOf(page), 1);
  }

  close(): Promise<void> {
    return this.inTurn(() => this.driver.quit());
  }
}

async function evaluateWith<Args extends unknown[], Result>(driver: WebDriver, work: (...args: Args) => Result | Promise<Result>, args: Args): Promise<Result> {
  const source = `const done = arguments[arguments.length - 1], args = Array.prototype.slice.call(arguments, 0, -1);
    Promise.resolve().then(() => (${work})(...args)).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
  const answer = await driver.executeAsyncScript<{ value?: Result; error?: string }>(source, ...args);
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.value as Result;
}

class WebKitPage implements Page {
  constructor(
    private readonly session: WebKitSession,
    readonly handle: string,
  ) {}

  private do<Result>(work: (driver: WebDriver) => Promise<Result>): Promise<Result> {
    return this.session.in(this.handle, work);
  }

  async goto(url: string): Promise<void> {
    await this.session.note(this);
    await this.do((driver) => driver.get(url));
    await this.evaluate(collectErrors);
  }

  async reload(): Promise<void> {
    await this.session.note(this);
    await this.do((driver) => driver.navigate().refresh());
    await this.evaluate(collectErrors);
  }

  url(): Promise<string> {
    return this.do((driver) => driver.getCurrentUrl());
  }

  async evaluate<Args extends unknown[], Result>(work: (...args: Args) => Result | Promise<Result>, ...args: Args): Promise<Result> {
    return this.do((driver) => evaluateWith(driver, work, args));
  }

  evaluateIn<Args extends unknown[], Result>(find: () => Element | null | undefined, work: (...args: Args) => Result | Promise<Result>, ...args: Args): Promise<Result> {
    return this.do(async (driver) => {
      const frame = await driver.executeScript<WebElement | null>(`return (${find})();`);
      if (!frame) throw new Error('There is no such frame.');
      // The next command chooses the window anew, and with it the page around the frame.
      await driver.switchTo().frame(frame);
      return evaluateWith(driver, work, args);
    });
  }

  async run(source: string): Promise<void> {
    await this.do((driver) => driver.executeScript(source));
  }

  click<Args extends unknown[]>(find: (...args: Args) => Element | undefined, ...args: Args): Promise<boolean> {
    return this.do(async (driver) => {
      try {
        const element = await driver.executeScript<WebElement | null>(
          `const element = (${find})(...arguments);
           element?.scrollIntoView({ block: 'center', behavior: 'instant' });
           return element;`,
          ...args,
        );
        await element?.click();
        return element !== null;
      } catch (problem) {
        if (NOT_YET.some((kind) => problem instanceof kind)) return false;
        throw problem;
      }
    });
  }

  async type(text: string): Promise<void> {
    await this.do(async (driver) => (await driver.switchTo().activeElement()).sendKeys(text));
  }

  async press(chord: string): Promise<void> {
    const named = (key: string) => (key.length === 1 ? key : KEYS[key]!);
    const keys = keysOf(chord).map(named);
    const last = keys.pop()!;
    await this.do(async (driver) => {
      const actions = driver.actions();
      for (const held of keys) actions.keyDown(held);
      actions.keyDown(last).keyUp(last);
      for (const held of keys.reverse()) actions.keyUp(held);
      await actions.perform();
    });
  }

  async picture(): Promise<Buffer> {
    return Buffer.from(await this.do((driver) => driver.takeScreenshot()), 'base64');
  }

  async front(): Promise<void> {
    // Each page has a window of its own, which none covers.
  }

  async close(): Promise<void> {
    await this.session.note(this);
    this.session.forget(this);
    await this.do((driver) => driver.close());
  }
}

/** By the names that the DOM gives them. */
const KEYS: Record<string, string> = {
  ArrowDown: Key.ARROW_DOWN, ArrowUp: Key.ARROW_UP, ArrowLeft: Key.ARROW_LEFT, ArrowRight: Key.ARROW_RIGHT,
  Home: Key.HOME, End: Key.END, PageUp: Key.PAGE_UP, PageDown: Key.PAGE_DOWN, Tab: Key.TAB, Enter: Key.ENTER,
  Escape: Key.ESCAPE, Space: Key.SPACE, Delete: Key.DELETE, Backspace: Key.BACK_SPACE, F2: Key.F2,
  Control: Key.CONTROL, Shift: Key.SHIFT, Alt: Key.ALT,
};
