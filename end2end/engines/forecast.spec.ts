// What the page forecasts of a line, compared with what stock Firefox and WebKit make of it: a server that is none of ours sends the
// lines and sees what arrives. Where the page says that the engine differs, it must.
import { CookieOracle, DIFFERENCES, type Forecast, forget, handOver, isAsForecast, isSaidToDiffer, lines, readForecasts, seenBy } from '../support/cookie-lines';
import { Bench } from '../support/engine/bench';
import type { Page } from '../support/engine/engine';
import { expect, ONCE, test } from '../support/engine/fixtures';
import { type Tab, until } from '../support/engine/tab';

/** Of most lines the page says that WebKitGTK differs. */
const LINES = { chromium: 120, firefox: 120, webkit: 240 };
const AT_ONCE = 20;
/** The same lines each time: what others find is told by `STORAGE_LAB_SEED=…`, and belongs into `browser/cookies/engines.rs`. */
const SEED = Number(process.env.STORAGE_LAB_SEED ?? 7);

/** What Firefox says of a line that it does not take. */
const REJECTED = /Cookie “[^]*rejected/;

type Given = { carrier: 'script' | 'http'; line: string };

async function forecasts(tab: Tab, all: readonly Given[]): Promise<Forecast[]> {
  const bench = await new Bench(tab).open();
  await (await bench.menu('Cookies')).role('button', 'Cookie with attributes').click();
  await until(() => tab.page.evaluate(() => document.querySelector('form.attributes summary') !== null), 'the form is open');
  await tab.page.evaluate(() => document.querySelector('form.attributes details')!.setAttribute('open', ''));
  const told: Forecast[] = [];
  // A driver gives up on a script that takes half a minute.
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE).map(({ carrier, line }) => ({ carrier, line }));
    told.push(...(await tab.page.evaluate(readForecasts, some)));
  }
  return told;
}

async function outcome(page: Page, { carrier, line }: Given): Promise<Awaited<ReturnType<typeof seenBy>>> {
  await page.evaluate(handOver, { carrier, line });
  const seen = await page.evaluate(seenBy);
  await page.evaluate(forget, [...seen.scripts, ...seen.server]);
  return seen;
}

test('what the page forecasts of a line is what the engine does, but where the page says that it differs', ONCE, async ({ another, baseURL, engine, tab, tolerate }) => {
  test.slow();
  tolerate(REJECTED);
  const all = lines(SEED, LINES[engine]);
  const told = await forecasts(tab, all);
  const oracle = await CookieOracle.start(new URL(baseURL!).hostname);
  const { page } = await another();
  await page.goto(oracle.address);
  const unexpected: object[] = [];
  let compared = 0;
  for (const [at, line] of all.entries()) {
    const forecast = told[at]!;
    if (isSaidToDiffer(engine, forecast)) continue;
    compared += 1;
    const seen = await outcome(page, line);
    if (!isAsForecast(forecast, seen)) unexpected.push({ ...line, forecast, seen });
  }
  await oracle.stop();
  expect(unexpected, `STORAGE_LAB_SEED=${SEED}`).toEqual([]);
  expect(compared).toBeGreaterThan(engine === 'webkit' ? 5 : 40);
});

test('where the page says that this engine differs, it does', ONCE, async ({ another, baseURL, engine, tab, tolerate }) => {
  tolerate(REJECTED);
  const all = DIFFERENCES.map(([words, carrier, line, engines]) => ({ words, carrier, line, engines }));
  const told = await forecasts(tab, all);
  const oracle = await CookieOracle.start(new URL(baseURL!).hostname);
  const { page } = await another();
  await page.goto(oracle.address);
  for (const [at, { words, engines, ...given }] of all.entries()) {
    const forecast = told[at]!;
    expect(forecast.says.filter((says) => says.startsWith('Engines differ: ')).join(' '), given.line).toContain(words);
    if (engines.includes(engine)) expect(isAsForecast(forecast, await outcome(page, given)), given.line).toBe(false);
  }
  await oracle.stop();
});
