// A stock browser, driven by its own driver. A spec that uses only this is written once for all of them.
export type Engine = 'chromium' | 'firefox' | 'webkit';
export type Scheme = 'http' | 'https';

/** A cookie, as the driver lists it. */
export type Cookie = { name: string; value: string; domain: string; path: string; httpOnly: boolean; secure: boolean };

/** A tab or a window. */
export interface Page {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  url(): Promise<string>;
  /** Runs a function there; what it needs is handed to it. */
  evaluate<Args extends unknown[], Result>(work: (...args: Args) => Result | Promise<Result>, ...args: Args): Promise<Result>;
  /** Runs a function in the frame that another one finds there. */
  evaluateIn<Args extends unknown[], Result>(find: () => Element | null | undefined, work: (...args: Args) => Result | Promise<Result>, ...args: Args): Promise<Result>;
  /** Runs a script there. */
  run(source: string): Promise<void>;
  /** Clicks, as the mouse does, on the element that a function finds there; `false` when it could not be hit. */
  click<Args extends unknown[]>(find: (...args: Args) => Element | undefined, ...args: Args): Promise<boolean>;
  /** Types into what has the focus. */
  type(text: string): Promise<void>;
  /** Presses a key, with those that are held meanwhile: `Control+End`. */
  press(key: string): Promise<void>;
  picture(): Promise<Buffer>;
  /** Lays it over the others, if it is covered. */
  front(): Promise<void>;
  close(): Promise<void>;
}

/** A browser without anything kept, until it is closed. */
export interface Session {
  /** Opens a further page. */
  page(): Promise<Page>;
  /** How many pages are open, also those that a page has opened. */
  openPages(): Promise<number>;
  /** The driver's own list of the cookies that a request to this address would carry. */
  cookies(url: string): Promise<Cookie[]>;
  /** What pages have thrown and written as errors so far. */
  errors(): Promise<string[]>;
  close(): Promise<void>;
}

export interface Browser {
  readonly engine: Engine;
  /** As the driver says it. */
  readonly version: string;
  session(): Promise<Session>;
  /**
   * Starts it on a profile, where it keeps what browsers keep when they are quit and started again. Missing where an
   * automated browser keeps nothing.
   */
  onProfile?(folder: string): Promise<Session>;
  close(): Promise<void>;
}

export type Launch = {
  /** Whether pages may run scripts. */
  scripts: boolean;
  /** Whether sites may keep cookies, and with them whatever else is kept. WebKitGTK's driver has no setting for it. */
  cookies?: boolean;
};

/** As people call them. */
export const NAMES: Record<Engine, string> = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKitGTK' };

/** The keys of `Control+End`: the last is the one that is pressed while the others are held. */
export const keysOf = (chord: string): string[] => chord.split(/(?<=.)\+(?=.)/);
