// Which engines this machine has, and how each is started.
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser, Engine, Launch } from './engine';
import { launchByPuppeteer } from './puppeteer';
import { launchWebKit } from './webkit';

type Available = { launch: (launch: Launch) => Promise<Browser> };
type Missing = { why: string };

/** How an engine is started here, or why it cannot be. */
export function available(engine: Engine): Available | Missing {
  switch (engine) {
    case 'chromium':
      return byPuppeteer(engine, process.env.STORAGE_LAB_CHROMIUM ?? program('chromium') ?? program('google-chrome'), 'Chromium');
    case 'firefox':
      return byPuppeteer(engine, program('firefox-esr') ?? program('firefox'), 'firefox-esr');
    case 'webkit': {
      const [driver, browser] = [program('WebKitWebDriver'), miniBrowser()];
      if (!driver || !browser) return { why: 'WebKit is not run: Debian’s webkit2gtk-driver is not installed.' };
      if (!process.env.DISPLAY) return { why: 'WebKit is not run: it needs a display, such as xvfb-run gives it.' };
      return { launch: (launch) => launchWebKit({ driver, browser }, launch) };
    }
  }
}

function byPuppeteer(engine: Engine, path: string | undefined, wanted: string): Available | Missing {
  if (!path) return { why: `${wanted} is not run: it is not installed.` };
  return { launch: (launch) => launchByPuppeteer(engine, path, launch) };
}

function program(name: string): string | undefined {
  return (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** WebKitGTK's own small browser; Debian keeps it beside the library. */
function miniBrowser(): string | undefined {
  const libraries = '/usr/lib';
  const places = readdirSync(libraries).flatMap((folder) =>
    ['4.1', '6.0', '4.0'].map((version) => join(libraries, folder, `webkit2gtk-${version}`, 'MiniBrowser')),
  );
  return places.find(isProgram);
}
