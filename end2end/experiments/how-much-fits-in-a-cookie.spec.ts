// How much fits in a cookie: held against the jar as Playwright sees it, and what the developer tools say of the refusals.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import type { Page } from '@playwright/test';

/** The largest cookie of a name that the jar takes, by a search of our own from the other end: byte by byte downwards. */
async function largest(page: Page, name: string, letter: string): Promise<number> {
  const url = page.url();
  for (let bytes = 4_200; bytes > 4_000; bytes--) {
    const room = bytes - name.length;
    const wide = Buffer.byteLength(letter);
    const value = letter.repeat(Math.floor(room / wide)) + 'a'.repeat(room % wide);
    await page.evaluate((line) => { document.cookie = line; }, `${name}=${value}; Path=/`);
    const kept = (await page.context().cookies(url)).find((cookie) => cookie.name === name);
    await page.evaluate((line) => { document.cookie = line; }, `${name}=; Path=/; Max-Age=0`);
    if (kept?.value === value) return bytes;
  }
  throw new Error('Nothing between 4,000 and 4,200 bytes was kept.');
}

test('a cookie is full after so many bytes, in three alphabets, as the jar says too', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('how-much-fits-in-a-cookie', '?name=40');
  const limits = [];
  for (const letter of ['a', 'é', '😀']) limits.push(await largest(page, 'lab-oracle', letter));
  const [limit] = limits;
  expect(limits).toEqual([limit, limit, limit]);

  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  const set: string[][] = [];
  devtools.on('Network.responseReceivedExtraInfo', ({ headers, blockedCookies }) => {
    const line = Object.entries(headers).find(([name]) => name.toLowerCase() === 'set-cookie')?.[1] ?? '';
    if (!line.startsWith('lab-x') || /-proof|Max-Age=0/.test(line)) return;
    set.push(blockedCookies.flatMap(({ blockedReasons }) => blockedReasons));
  });

  await experiment.predict(/^After the same number of bytes, name and value together/);
  await experiment.run('Holds.');
  await expect(experiment.verdict).toContainText('You expected just that');
  const room = limit! - 40;
  const figures = [room, Math.floor(room / 2), Math.floor(room / 4)].map((figure) => figure.toLocaleString('en'));
  await expect(experiment.verdict).toContainText(
    `With a name of 40 bytes there is room for ${figures[0]} a, ${figures[1]} é or ${figures[2]} 😀`,
  );

  // Of the server's two cookies the larger one was refused for its size.
  expect(set).toEqual([[], ['NameValuePairExceedsMaxSize']]);
  await expect(experiment.lane(4, 'Wire')).toContainText(`${limit!.toLocaleString('en')} bytes of name and value.`);
  await expect(experiment.lane(4, 'Wire')).toContainText('No cookie of this name.');
  await leavesNoTrace(context, page);
});

test('another name leaves other room, and a second run finds the same', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('how-much-fits-in-a-cookie', '?name=1000');
  await experiment.predict(/^After the same number of letters/);
  await experiment.run('Holds.');
  const first = await experiment.verdict.textContent();
  await expect(experiment.verdict).toContainText('With a name of 1,000 bytes');
  await expect(experiment.verdict).toContainText('You expected: After the same number of letters');
  await leavesNoTrace(context, page);
  await experiment.reset();
  await experiment.predict(/^After the same number of letters/);
  await experiment.run('Holds.');
  await expect(experiment.verdict).toHaveText(first!);
  await leavesNoTrace(context, page);
});

test('a browser that keeps no cookies leaves a message that says what to do', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(document, 'cookie', { get: () => '', set: () => undefined }));
  const experiment = await new Experiment(page).open('how-much-fits-in-a-cookie');
  await experiment.predict(/^Never: what is too long/);
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('This browser keeps or sends no cookies for this site');
});
