// Cookies that browsers keep and servers may not send, and one without a name: deleted and brought back as each engine keeps them.
// What there is says a server that is none of ours, and the browser's own string.
import { CookieOracle, seenBy } from '../support/cookie-lines';
import { Bench } from '../support/engine/bench';
import { expect, ONCE, test } from '../support/engine/fixtures';
import { soon } from '../support/engine/tab';

const ODD = [
  'lab-é=1', 'lab-a b=2', 'lab-quote="q', 'lab-comma,=a,b', 'lab-(x)=<y>', 'lab-back\\=\\', 'lab-equals==a==', 'LAB-UPPER=1', 'lab-upper=2',
  'lab-rtl=\u202eabc', 'lonely-value',
];
/** The rows before the entries. */
const HEADS = 5;

test('cookies that no server may send are deleted and brought back', ONCE, async ({ another, baseURL, tab }) => {
  const bench = await new Bench(tab).open();
  await tab.page.evaluate((lines: string[]) => lines.forEach((line) => (document.cookie = line)), ODD);
  const oracle = await CookieOracle.start(new URL(baseURL!).hostname);
  const { page } = await another();
  await page.goto(oracle.address);
  const jar = async () => {
    const { scripts, server } = await page.evaluate(seenBy);
    return { scripts: scripts.toSorted(), server: server.toSorted() };
  };
  const before = await jar();
  expect(before.scripts.length).toBeGreaterThanOrEqual(ODD.length - 1);
  await soon(() => bench.grid.attribute('aria-rowcount')).toBe(String(before.scripts.length + HEADS));
  await (await bench.menu('Cookies')).role('button', 'Clear Cookies').click();
  await bench.says(/^Deleted \d+ entries from Cookies\.$/);
  expect((await jar()).scripts).toEqual(before.scripts.filter((pair) => pair === 'lonely-value'));
  const nameless = bench.row('(empty name)');
  await nameless.role('button', 'Delete (empty name) from Cookies').click();
  await bench.says('Deleted (empty name) from Cookies.');
  expect(await jar()).toEqual({ scripts: [], server: [] });
  for (const told of [/^Undone: Deleted \(empty name\)/, /^Undone: Deleted \d+ entries/]) {
    await bench.button('Undo').click();
    await bench.says(told);
  }
  expect(await jar()).toEqual(before);
  await oracle.stop();
});
