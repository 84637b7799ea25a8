// What a run may not leave behind, asked of the driver, the server and a page that runs none of our scripts.
import { expect } from '@playwright/test';
import type { Cookie, Session } from './engine';
import { soon, type Tab } from './tab';

const OF_A_RUN = /lab-x[0-9a-f]{8}/;

/** The driver's list of all cookies of the lab, also of those below its paths and on its other site. */
export async function cookiesOfTheLab(session: Session, base: string): Promise<Cookie[]> {
  const lists: Cookie[] = [];
  for (const host of ['localhost', '127.0.0.1']) {
    const url = new URL('/lab/echo', base);
    url.hostname = host;
    lists.push(...(await session.cookies(url.href)));
  }
  return lists;
}

/** Asserts that no cookie and no entry of the web storage bears the name of a run, and that none travels. */
export async function leavesNothing(session: Session, tab: Tab, base: string): Promise<void> {
  const names = async () => (await cookiesOfTheLab(session, base)).map(({ name }) => name).filter((name) => OF_A_RUN.test(name));
  await soon(names, undefined, 'cookies that are left, by the driver').toEqual([]);
  // As the server received it from this very browser, without a script.
  await tab.open('/lab/echo');
  expect(await tab.page.evaluate(() => document.documentElement.textContent)).not.toMatch(OF_A_RUN);
  await tab.open('/healthz');
  const kept = await tab.page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
  expect(kept.filter((name) => OF_A_RUN.test(name)), 'entries that are left').toEqual([]);
}
