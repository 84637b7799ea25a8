// The dock in stock engines: what the bench in an app's page shows and does, beside what the page itself and the app see.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, ONCE, test } from '../support/engine/fixtures';
import { soon, until } from '../support/engine/tab';
import { CHEAP_HASHING, freePort, Server } from '../support/server';

const frame = () => document.querySelector('storage-lab-dock')?.shadowRoot?.querySelector('iframe');
/** Where the bench says of a name what each store holds. */
const rows = () => [...document.querySelectorAll('tbody tr')].map((row) => row.textContent!);
const press = (name: string) => {
  const button = [...document.querySelectorAll('button')].find((button) => (button.getAttribute('aria-label') ?? button.textContent!.trim()) === name);
  button?.click();
  return button !== undefined;
};
const fill = (label: string, value: string) => {
  const field = [...document.querySelectorAll<HTMLTextAreaElement>('textarea, input')].find((field) => field.getAttribute('aria-label') === label);
  if (!field) return false;
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return true;
};

test('the bench in an app’s page shows its stores, and changes them there', ONCE, async ({ tab }, testInfo) => {
  let sent = '';
  const app = createServer((request, response) => {
    if (request.url === '/deep/in') response.setHeader('Set-Cookie', ['sid=secret; HttpOnly; Path=/', 'deep=1; Path=/deep']);
    if (request.url === '/deep/after') sent = request.headers.cookie ?? '';
    response.setHeader('Content-Type', 'text/html');
    response.end('<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>App</title><p>App</p></html>');
  }).listen(0, '127.0.0.1');
  await once(app, 'listening');
  const through = `127.0.0.1:${await freePort()}`;
  const lab = await Server.launch({
    database: `sqlite://${testInfo.outputPath('app.db')}`,
    log: testInfo.outputPath('app.log'),
    flags: [...CHEAP_HASHING, '--app', `http://127.0.0.1:${(app.address() as AddressInfo).port}`, '--app-addr', through],
  });
  const bench = <Args extends unknown[], Result>(work: (...args: Args) => Result, ...args: Args) => tab.page.evaluateIn(frame, work, ...args);
  const shown = () => bench(rows).catch(() => []);
  try {
    await tab.open(`http://${through}/deep/in`);
    await tab.page.evaluate(() => {
      localStorage.setItem('theme', 'dark');
      sessionStorage.setItem('tab', 'of this tab');
    });
    await until(() => tab.page.click(() => document.querySelector('storage-lab-dock')?.shadowRoot?.querySelector('.tab') ?? undefined), 'the tab is pressed');
    const row = async (name: string) => (await shown()).find((text) => text.includes(name)) ?? '';
    await soon(() => row('theme')).toContain('dark');
    await soon(() => row('tab')).toContain('of this tab');
    await soon(() => row('sid')).toContain('the server saw this cookie; scripts here cannot');
    await soon(() => row('deep')).toContain('scripts and server');
    expect((await shown()).join()).not.toContain('secret');

    await until(() => bench(press, 'Edit theme in localStorage'), 'the value can be edited');
    await until(() => bench(fill, 'Value of theme in localStorage', 'light'), 'the field is there');
    await until(() => bench(press, 'Save'), 'it is saved');
    await soon(() => tab.page.evaluate(() => localStorage.getItem('theme'))).toBe('light');
    await until(() => bench(press, 'Undo'), 'it can be undone');
    await soon(() => tab.page.evaluate(() => localStorage.getItem('theme'))).toBe('dark');

    await until(() => bench(press, 'Edit deep in Cookies'), 'the cookie can be edited');
    await until(() => bench(fill, 'Value of deep in Cookies', '2'), 'the field is there');
    await until(() => bench(press, 'Save'), 'it is saved');
    // Under its own path, and nowhere else.
    await soon(() => tab.page.evaluate(() => document.cookie)).toBe('deep=2');
    await until(() => bench(press, 'Delete deep from Cookies'), 'the cookie can be deleted');
    await soon(() => tab.page.evaluate(() => document.cookie)).toBe('');
    await until(() => bench(press, 'Undo'), 'it can be brought back');
    await soon(() => tab.page.evaluate(() => document.cookie)).toBe('deep=2');
    await until(() => bench(press, 'Delete sid from Cookies'), 'what scripts do not see can be deleted');
    await soon(() => row('sid')).toBe('');
    await tab.page.evaluate(() => localStorage.setItem('theme', 'of the app'));
    await soon(() => row('theme')).toContain('of the app');
    await tab.open(`http://${through}/deep/after`);
    expect(sent).toBe('deep=2');
    // It was brought back under its own path: a page elsewhere does not see it.
    await tab.open(`http://${through}/`);
    expect(await tab.page.evaluate(() => document.cookie)).toBe('');
  } finally {
    await lab.stop();
    app.closeAllConnections();
    app.close();
  }
});
