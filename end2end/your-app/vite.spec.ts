// Vite's development server, behind the port.
import { rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Twins } from '../support/app/crawl';
import { expect, test } from '../support/app/fixtures';

const PROGRAM = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');

const vite = (project: string) => (port: number) => ({
  program: process.execPath,
  args: [PROGRAM, '--port', String(port), '--strictPort'],
  cwd: project,
});

test('a page of Vite’s runs through the port, and what changes on the disk arrives in it without a reload', async ({ copied, page, served }) => {
  const project = await copied('vite');
  const { through } = await served(vite(project));
  // At one go: Vite may read a file that is half written.
  const save = async (name: string, text: string) => {
    await writeFile(`${project}.new`, text);
    await rename(`${project}.new`, join(project, name));
  };
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(new URL(socket.url()).origin));
  const connected = page.waitForEvent('console', (message) => message.text() === '[vite] connected.');
  await page.goto(through);
  await connected;
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('Hello from the module');
  await expect(heading).toHaveCSS('color', 'rgb(1, 2, 3)');
  await page.getByRole('textbox', { name: 'Note' }).fill('typed before');

  await save('greeting.js', "export const greeting = 'Hello again';");
  await expect(heading).toHaveText('Hello again');
  await save('style.css', 'h1 { color: rgb(4, 5, 6); }');
  await expect(heading).toHaveCSS('color', 'rgb(4, 5, 6)');
  await expect(page.getByRole('textbox', { name: 'Note' })).toHaveValue('typed before');
  expect(sockets).toEqual([through.replace('http:', 'ws:')]);
});

test('Vite answers through the port what it answers alone', async ({ copied, playwright, served }) => {
  const twins = await Twins.meet(playwright.request, await served(vite(await copied('vite'))));
  const paths = await twins.crawl(['/', '/style.css?import', '/nowhere.js', '/a/page/of/its/own']);
  expect(paths).toEqual(expect.arrayContaining(['/@vite/client', '/main.js', '/greeting.js', '/style.css']));
  const { etag } = (await twins.ask('/main.js')).headers();
  expect((await twins.ask('/main.js', () => ({ headers: { 'if-none-match': etag! } }))).status()).toBe(304);
  await twins.part();
});
