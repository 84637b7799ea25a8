// What only a browser and the built site can tell of the headers; which header is where is tested with the server.
import { expect, test } from '../support/fixtures';
import { openAwake } from '../support/pages';

test('the browser runs no script that somebody else puts into a page', async ({ page, tolerate }) => {
  const refused = /violates the following Content Security Policy directive|blocked by/i;
  tolerate(refused);
  tolerate(/status of 404/);
  for (const path of ['/', '/login', '/nowhere']) {
    await page.goto(path);
    const told = page.waitForEvent('console', (message) => refused.test(message.text()));
    await page.evaluate(() => {
      document.body.append(Object.assign(document.createElement('script'), { text: 'document.title = "run"' }));
    });
    await told;
    expect(await page.title(), path).not.toBe('run');
  }
});

test('the built files are compressed and kept for ever', async ({ page, request }) => {
  const files = new Set<string>();
  page.on('request', (asked) => files.add(new URL(asked.url()).pathname));
  await openAwake(page, '/login');
  const built = [...files].filter((path) => path.startsWith('/pkg/'));
  for (const ending of [/\.js$/, /\.wasm$/, /\.css$/]) expect(built.filter((path) => ending.test(path))).not.toEqual([]);
  for (const path of built) {
    const headers = (await request.get(path)).headers();
    expect(headers['content-encoding'], path).toBe('br');
    // The loader's name is written into the app's own files after their names are made.
    const renamed = !/\/(storage-lab\.[^/]*(js|wasm)|__wasm_split[^/]*)$/.test(path);
    expect(headers['cache-control'], path).toBe(renamed ? 'public, max-age=31536000, immutable' : 'no-cache');
    expect(headers['content-type'], path).toMatch(/^(text\/javascript|application\/wasm|text\/css)/);
  }
  expect((await request.get('/pkg/nothing.js')).status()).toBe(404);
});
