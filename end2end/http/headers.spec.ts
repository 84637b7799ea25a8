// The headers that every answer carries, as a browser gets them.
import type { APIResponse } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { logIn } from '../support/people';

function policyOf(answer: APIResponse): Map<string, string[]> {
  const directives = (answer.headers()['content-security-policy'] ?? '').split(';');
  return new Map(directives.map((directive) => directive.trim().split(/\s+/)).map(([name = '', ...values]) => [name, values]));
}

test('pages allow scripts by a nonce that is new each time', async ({ request }) => {
  const nonces = [];
  for (const path of ['/', '/login', '/signup', '/nowhere', '/']) {
    const answer = await request.get(path);
    const policy = policyOf(answer);
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    expect(policy.get('base-uri')).toEqual(["'none'"]);
    expect(policy.get('form-action')).toEqual(["'self'"]);
    expect([...policy.values()].flat()).not.toContain("'unsafe-inline'");
    expect([...policy.values()].flat()).not.toContain("'unsafe-eval'");
    const nonce = policy.get('script-src')!.find((source) => source.startsWith("'nonce-"))!.slice(7, -1);
    expect(nonce.length).toBeGreaterThanOrEqual(22);
    const tags = (await answer.text()).match(/<script(?=[\s>])[^>]*>/g)!;
    for (const tag of tags) expect(tag).toContain(`nonce="${nonce}"`);
    nonces.push(nonce);
  }
  expect(new Set(nonces).size).toBe(nonces.length);
});

test('every answer is safe to handle and none of a person’s is stored', async ({ page, user }) => {
  await logIn(page.request, user);
  for (const path of ['/', '/login', '/signup', '/account', '/nowhere', '/api/whoami', '/healthz', '/favicon.svg']) {
    const headers = (await page.request.get(path)).headers();
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['referrer-policy'], path).toBe('same-origin');
    expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    if (path !== '/favicon.svg') expect(headers['cache-control'], path).toBe('no-store');
  }
});

test('the built files are compressed and kept for ever', async ({ page, request }) => {
  const files = new Set<string>();
  page.on('request', (asked) => files.add(new URL(asked.url()).pathname));
  await page.goto('/login', { waitUntil: 'networkidle' });
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
});

test('an address that is none of ours is told apart by its status', async ({ page, request, tolerate }) => {
  tolerate(/status of 404/);
  expect((await page.goto('/nowhere'))!.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  expect((await request.get('/pkg/nothing.js')).status()).toBe(404);
});

test('a post from another site is refused', async ({ request, user }) => {
  for (const [name, value] of [['sec-fetch-site', 'cross-site'], ['origin', 'https://evil.example']] as const) {
    const answer = await request.post('/api/login', { form: user, headers: { [name]: value } });
    expect(answer.status()).toBe(403);
    expect(answer.headers()['set-cookie']).toBeUndefined();
  }
});
