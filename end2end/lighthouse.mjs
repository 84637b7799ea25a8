// What Lighthouse says of the pages, as a phone would see them: the median of several runs of each, against floors.
//   node lighthouse.mjs URL [RUNS]
import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';

/** The lowest score that each category may have. */
const FLOORS = { performance: 80, accessibility: 100, 'best-practices': 100, seo: 100 };
/** Pages that only their owner sees are kept from search engines on purpose. */
const NOT_INDEXED = ['/account'];
const PAGES = ['/', '/experiments', '/experiments/http-forgets', '/login-flow', '/signup', '/login', '/account'];
const METRICS = {
  FCP: 'first-contentful-paint',
  LCP: 'largest-contentful-paint',
  TBT: 'total-blocking-time',
  CLS: 'cumulative-layout-shift',
};

const [origin, runs = '5'] = process.argv.slice(2);
const browser = await puppeteer.launch({
  executablePath: process.env.STORAGE_LAB_CHROMIUM,
  // Chromium's sandbox refuses root.
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});

/** A page of a browser profile of its own, in which somebody may be logged in. */
async function visitor(loggedIn) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  if (loggedIn) {
    await page.goto(`${origin}/login`);
    const statuses = await page.evaluate(async () => {
      const send = async (path) => {
        const body = new URLSearchParams({ username: 'lighthouse', password: 'zebra lamp violin gravel' });
        return (await fetch(path, { method: 'POST', body })).status;
      };
      return [await send('/api/signup'), await send('/api/login')];
    });
    // Whoever has signed up in an earlier run is told that the name is taken.
    if (statuses[1] !== 200) throw new Error(`logging in was answered ${statuses}`);
  }
  return { context, page };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const row = (name, cells) => console.log(name.padEnd(28) + cells.map((cell) => String(cell).padStart(8)).join(''));

let failed = false;
const findings = new Set();
row('median of ' + runs, ['perf', 'a11y', 'best', 'seo', ...Object.keys(METRICS)]);
for (const path of PAGES) {
  const found = [];
  for (let run = 0; run < Number(runs); run++) {
    const { context, page } = await visitor(path === '/account');
    const { lhr } = await lighthouse(`${origin}${path}`, { disableStorageReset: path === '/account', logLevel: 'error' }, undefined, page);
    if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`);
    found.push(lhr);
    await context.close();
  }
  const scores = Object.keys(FLOORS).map((category) => Math.round(100 * median(found.map((lhr) => lhr.categories[category].score))));
  const values = Object.values(METRICS).map((audit) => median(found.map((lhr) => lhr.audits[audit].numericValue)));
  row(path, [...scores, ...values.map((value) => (value < 10 ? value.toFixed(2) : Math.round(value)))]);
  Object.entries(FLOORS).forEach(([category, floor], at) => {
    if (category === 'seo' && NOT_INDEXED.includes(path)) return;
    if (scores[at] < floor) failed = true;
  });
  for (const [category, { auditRefs }] of Object.entries(found[0].categories)) {
    for (const { id, weight } of auditRefs) {
      const { score, title } = found[0].audits[id];
      if (weight > 0 && score !== null && score < 0.9) findings.add(`${path}: ${category}: ${id}: ${title}`);
    }
  }
}
if (findings.size > 0) console.log(`\nAudits below 0.9 in the first run:\n${[...findings].join('\n')}`);
await browser.close();
if (failed) {
  console.error(`\nA score is under its floor: ${JSON.stringify(FLOORS)}.`);
  process.exit(1);
}
