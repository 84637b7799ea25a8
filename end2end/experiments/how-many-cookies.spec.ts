// How many cookies: held against the jar of the other site as the developer tools see it, and the requests sent from there.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import type { Page } from '@playwright/test';

test('what was thrown away is what the browser no longer sends', async ({ baseURL, context, page }) => {
  // The visitor's own cookies, on this site, are not touched.
  await context.addCookies([{ name: 'lab-own', value: '1', url: baseURL! }]);
  const sent: Promise<string>[] = [];
  context.on('request', (request) => {
    if (request.url().endsWith('/lab/echo/elsewhere')) sent.push(request.allHeaders().then(({ cookie }) => cookie ?? ''));
  });
  const experiment = await new Experiment(page).open('how-many-cookies');
  await experiment.predict(/many of the oldest go at once/);
  await experiment.run('Holds.');
  await expect(experiment.verdict).toContainText('You expected just that');

  const [first, last] = await Promise.all(sent);
  expect(first).toBe('');
  const names = last!.split('; ').map((pair) => pair.split('=')[0]!.replace(/^lab-x\w+-/, ''));
  expect(names).toContain('secure');
  const numbers = names.filter((name) => name !== 'secure').map(Number).sort((a, b) => a - b);
  await expect(experiment.verdict).toContainText(`and ${names.length} were left`);
  const newest = numbers.at(-1)!;
  const gone = Array.from({ length: newest }, (_, index) => index + 1).filter((number) => !numbers.includes(number));
  await expect(experiment.verdict).toContainText(`with the next one ${gone.length} went`);
  // The oldest ones, without a gap.
  expect(gone).toEqual(Array.from(gone, (_, index) => index + 1));
  const [thrown] = await experiment.texts(2, 'Browser', /^Thrown away/);
  expect(thrown).toBe(`1 to ${gone.length}`);
  expect((await context.cookies()).map(({ name }) => name)).toEqual(['lab-own']);
  await expect.poll(() => context.pages().length, 'the window has closed itself').toBe(1);
});

test('with fewer cookies than the limit none is lost', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('how-many-cookies', '?most=20');
  await experiment.predict('There is no such limit.');
  await experiment.run('Holds.');
  await expect(experiment.verdict).toContainText('Of 21 cookies that were set 21 are there: no limit was met.');
  await leavesNoTrace(context, page);
});

const cookie = (path: string, httpOnly = false) => (page: Page) =>
  page.context().addCookies([{ name: 'lab-mine', value: '1', domain: new URL(page.url()).hostname, path, httpOnly }]);

/** What a person or another page may have left on the other site, each where others do not lie. */
const LEFT: Record<string, (page: Page) => Promise<unknown>> = {
  'a cookie': cookie('/'),
  'a cookie that scripts do not see': cookie('/', true),
  'a cookie for the echo alone': cookie('/lab/echo', true),
  'a cookie for the server functions alone': cookie('/api'),
  'an entry of localStorage': (page) => page.evaluate(() => localStorage.setItem('mine', '1')),
  'a database': (page) =>
    page.evaluate(() => new Promise((resolve) => { indexedDB.open('mine').onsuccess = resolve; }).then(() => undefined)),
  'a cache': (page) => page.evaluate(() => caches.open('mine').then(() => undefined)),
  'a file': (page) =>
    page.evaluate(async () => {
      await (await navigator.storage.getDirectory()).getFileHandle('mine', { create: true });
    }),
};

for (const [what, leave] of Object.entries(LEFT)) {
  test(`nothing is tried where ${what} of the visitor’s lies, and its name is not told`, async ({ baseURL, context, page }) => {
    const other = baseURL!.replace('localhost', '127.0.0.1');
    const there = await context.newPage();
    await there.goto(`${other}/healthz`);
    await leave(there);
    const cookies = () => context.cookies([`${other}/lab/echo`, `${other}/api`]);
    const before = await cookies();
    const reported = context.waitForEvent('request', (request) => request.method() === 'POST' && /\/lab\/report\?/.test(request.url()));
    const experiment = await new Experiment(page).open('how-many-cookies', '?most=20');
    await experiment.choices.first().check();
    await experiment.run('Cannot be tried here.');
    await expect(experiment.verdict).toContainText('On the other site lies something of yours already');
    expect(new URLSearchParams((await reported).postData()!).get('report')).toBe('"others"');
    expect(await cookies()).toEqual(before);
    await leavesNoTrace(context, page);
  });
}
