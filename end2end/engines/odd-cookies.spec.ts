// Cookies that browsers keep and servers may not send, and one without a name: deleted and brought back as each engine keeps them.
// What there is says a server that is none of ours, and the browser's own string.
import { CookieOracle, seenBy } from '../support/cookie-lines';
import { Bench } from '../support/engine/bench';
import { expect, ONCE, test } from '../support/engine/fixtures';
import { soon } from '../support/engine/tab';

test('hidden cookies of one name and one size are told apart by where they travel, and each is deleted alone', ONCE, async ({ another, baseURL, tab }) => {
  const bench = await new Bench(tab).open();
  await tab.page.evaluate(async () => {
    for (const line of ['lab-same=1; Path=/api; HttpOnly', 'lab-same=2; Path=/lab; HttpOnly', 'lab-same=3; Path=/; HttpOnly']) {
      await fetch('/lab/cookie', { method: 'POST', body: new URLSearchParams({ line }) });
    }
  });
  await tab.reload();
  await bench.awake();
  const oracle = await CookieOracle.start(new URL(baseURL!).hostname);
  const { page } = await another();
  await page.goto(oracle.address);
  const jar = () => page.evaluate(() => Promise.all(['/', '/api/observe', '/lab/echo'].map(async (path) => {
    const arrived = path === '/' ? await fetch('/elsewhere') : await fetch(path);
    return [...(await arrived.text()).matchAll(/lab-same=(\d)/g)].map(([, value]) => value!).toSorted();
  })));
  expect(await jar()).toEqual([['3'], ['1', '3'], ['2', '3']]);
  const where = ['scripts cannot: HttpOnly', 'it travels to /api/observe only: Path', 'it travels to /lab/echo only: Path'];
  for (const words of where) await soon(() => bench.grid.text()).toContain(words);
  await bench.delete('Cookies', 'lab-same');
  await soon(() => bench.grid.text()).not.toContain(where[0]);
  expect(await jar()).toEqual([[], ['1'], ['2']]);
  await bench.delete('Cookies', 'lab-same');
  await soon(() => bench.grid.text()).not.toContain(where[1]);
  expect(await jar()).toEqual([[], [], ['2']]);
  await bench.delete('Cookies', 'lab-same');
  await soon(() => bench.grid.text()).not.toContain(where[2]);
  expect(await jar()).toEqual([[], [], []]);
  await oracle.stop();
});

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
  // WebKitGTK cuts at letters beyond ASCII.
  expect(before.scripts.length).toBeGreaterThan(ODD.length / 2);
  await soon(() => bench.grid.attribute('aria-rowcount')).toBe(String(before.scripts.length + HEADS));
  await (await bench.menu('Cookies')).role('button', 'Clear Cookies').click();
  await bench.says(/^Deleted \d+ entries from Cookies\.$/);
  const undone: (string | RegExp)[] = [/^Undone: Deleted \d+ entries/];
  const left = before.scripts.filter((pair) => pair.startsWith('lonely-value'));
  expect((await jar()).scripts).toEqual(left);
  for (const pair of left) {
    // Firefox takes a text without “=” for a name.
    const label = pair === 'lonely-value' ? '(empty name)' : 'lonely-value';
    await bench.delete('Cookies', label);
    await bench.says(`Deleted ${label} from Cookies.`);
    undone.unshift(`Undone: Deleted ${label} from Cookies.`);
  }
  expect(await jar()).toEqual({ scripts: [], server: [] });
  for (const told of undone) {
    await bench.button('Undo').click();
    await bench.says(told);
  }
  expect(await jar()).toEqual(before);
  await oracle.stop();
});
