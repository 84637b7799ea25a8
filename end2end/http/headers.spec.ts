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

test('the built files are compressed, have a version in their address, and are kept for ever', async ({ page, request }) => {
  const files = new Set<string>();
  page.on('request', (asked) => files.add(new URL(asked.url()).pathname));
  await openAwake(page, '/login');
  const built = [...files].filter((path) => path.startsWith('/pkg/'));
  for (const ending of [/\.js$/, /\.wasm$/, /\.css$/]) expect(built.filter((path) => ending.test(path))).not.toEqual([]);
  expect(new Set(built.map((path) => /^\/pkg\/[0-9a-f]{12}\//.exec(path)?.[0])).size, `${built}`).toBe(1);
  for (const path of built) {
    const headers = (await request.get(path)).headers();
    expect(headers['content-encoding'], path).toBe('br');
    expect(headers['cache-control'], path).toBe('public, max-age=31536000, immutable');
    const known = await request.get(path, { headers: { 'If-None-Match': headers.etag! } });
    expect([known.status(), (await known.body()).length], path).toEqual([304, 0]);
    expect(headers['content-type'], path).toMatch(/^(text\/javascript|application\/wasm|text\/css)/);
  }
  for (const missing of ['/pkg/nothing.js', built[0]!.replace(/[^/]+$/, 'nothing.js'), built[0]!.replace(/[0-9a-f]{12}/, '000000000000')]) {
    expect((await request.get(missing)).status(), missing).toBe(404);
  }
});
