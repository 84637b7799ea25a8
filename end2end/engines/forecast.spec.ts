// What the page forecasts of a line, compared with what stock Firefox and WebKit make of it: a server that is none of ours sends the
// lines and sees what arrives.
import { differs } from '../support/cookie-differences';
import { CookieOracle, type Forecast, forget, handOver, lines, readForecasts, seenBy } from '../support/cookie-lines';
import { Bench } from '../support/engine/bench';
import { expect, ONCE, test } from '../support/engine/fixtures';
import { until } from '../support/engine/tab';

const LINES = 120;
const SEED = Number(process.env.STORAGE_LAB_SEED ?? Date.now() % 1_000_000);

/** Whether scripts of `/` see it and whether it arrives at `/lab/echo`, as forecast. */
function expected({ verdict, facts }: Forecast): { scripts: boolean; server: boolean } {
  const path = facts['Path'] ?? '';
  const kept = verdict.startsWith('kept');
  const isOnTheWay = path === '/' || '/lab/echo' === path || '/lab/echo'.startsWith(path.endsWith('/') ? path : `${path}/`);
  return { scripts: kept && path === '/' && !/HttpOnly/.test(facts['Flags'] ?? ''), server: kept && isOnTheWay };
}

const pairOf = ({ facts }: Forecast) => (facts['Name'] === 'none' ? facts['Value']! : `${facts['Name']}=${facts['Value']}`);

test('what the page forecasts of a line is what the engine does, but for the differences that are told', ONCE, async ({ another, baseURL, engine, tab }) => {
  test.slow();
  const all = lines(SEED, LINES);
  const bench = await new Bench(tab).open();
  await (await bench.menu('Cookies')).role('button', 'Cookie with attributes').click();
  await until(() => tab.page.evaluate(() => document.querySelector('form.attributes summary') !== null), 'the form is open');
  await tab.page.evaluate(() => document.querySelector('form.attributes details')!.setAttribute('open', ''));
  const forecasts = await tab.page.evaluate(readForecasts, all.map(({ carrier, line }) => ({ carrier, line })));

  const oracle = await CookieOracle.start(new URL(baseURL!).hostname);
  const page = (await another()).page;
  await page.goto(oracle.address);
  const unexpected: object[] = [];
  let kept = 0;
  for (const [at, line] of all.entries()) {
    const forecast = forecasts[at]!;
    await page.evaluate(handOver, { carrier: line.carrier, line: line.line });
    const seen = await page.evaluate(seenBy);
    await page.evaluate(forget, line.name);
    // Whatever has arrived under its name, or without one.
    const pairs = (all: string[]) => all.filter((pair) => pair === pairOf(forecast) || pair.startsWith(`${line.name}=`) || !pair.includes('='));
    const found = { scripts: pairs(seen.scripts), server: pairs(seen.server) };
    kept += found.server.length;
    const want = expected(forecast);
    const holds = (there: string[], wanted: boolean) => (wanted ? there.length === 1 && there[0] === pairOf(forecast) : there.length === 0);
    const isRight = holds(found.scripts, want.scripts) && holds(found.server, want.server);
    if (!isRight && !differs(engine, line)) unexpected.push({ ...line, verdict: forecast.verdict, ...found, says: forecast.says });
  }
  await oracle.stop();
  expect(unexpected, `STORAGE_LAB_SEED=${SEED}`).toEqual([]);
  expect(kept).toBeGreaterThan(LINES / 8);
});
