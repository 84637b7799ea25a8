// Addresses that somebody else made up: none of them breaks a page or leads elsewhere.
import { expect, test } from '../support/fixtures';
import { openAwake } from '../support/pages';
import { logInOnPage } from '../support/people';

/** Ways on that are none: what becomes another site's address to whoever reads the path alone, and what is no text. */
const NEXT = [
  '/.//evil.example/x', '/..//evil.example/x', '/%2e//evil.example/x', '/a/..//evil.example/x', '/./\\evil.example', '/%FF', '/é', '?', '#',
  'javascript:alert(1)',
];
const BYTES = ['%FF', '%E0%A4%A', '%00', '%', '%zz', '%25FF', '%2F%2Fevil.example', '%0D%0A', '%F0%9F%92%A9', '%EF%BF%BD'];

const GROUPS: [string, string[]][] = [
  ['a way on', NEXT.flatMap((next) => ['/login', '/signup'].map((page) => `${page}?next=${encodeURIComponent(next)}`))],
  ...BYTES.map((bytes): [string, string[]] => [
    `the bytes ${bytes}`,
    [
      `/?trial=${bytes}`, `/login?next=${bytes}&username=${bytes}`, `/login?error=${bytes}&wait=${bytes}`, `/${bytes}`,
      `/experiments/${bytes}`, `/experiments/http-forgets?${bytes}=${bytes}`, `/login-flow/source/${bytes}`, `/atlas#${bytes}`,
      `/#${bytes}`,
    ],
  ]),
  ['slashes', ['//evil.example/x', '/.//evil.example/x', '/%2e//evil.example/x', '/\\evil.example', '//login', '//account']],
  ['length', [`/${'a'.repeat(199)}`, `/?${'a=b&'.repeat(500)}`, '/login?error=too_many_attempts&wait=99999999999999999999']],
];

for (const [what, addresses] of GROUPS) {
  test(`no address makes a page fail: ${what}`, async ({ baseURL, page, tolerate }) => {
    // What the server refuses is noted by the browser.
    tolerate(/status of 4\d\d/);
    const awake = page.getByRole('button', { name: 'Theme: light' });
    await page.addInitScript(() => localStorage.setItem('lab-theme', 'light'));
    for (const address of addresses) {
      await test.step(address.slice(0, 80), async () => {
        // Not as a reference: a path that begins with two slashes is one of this host.
        const answer = await page.goto(`${baseURL}${address}`);
        // A page of the lab, if only to say that there is nothing; or the server's refusal.
        const isRefused = [400, 422].includes(answer!.status());
        await expect(awake).toHaveCount(isRefused ? 0 : 1);
        await expect(page.getByRole('heading', { name: 'The server did not do that' })).toHaveCount(isRefused ? 1 : 0);
        await expect(page.locator('#page-broke')).toHaveCount(0);
        expect(new URL(page.url()).origin).toBe(new URL(baseURL!).origin);
      });
    }
  });
}

for (const next of NEXT) {
  test(`logging in with the way on ${JSON.stringify(next)} leads to the account`, async ({ page, user }) => {
    await openAwake(page, `/login?next=${encodeURIComponent(next)}`);
    await logInOnPage(page, user);
    await expect(page).toHaveURL('/account');
    await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
    await expect(page.locator('#page-broke')).toHaveCount(0);
  });
}
