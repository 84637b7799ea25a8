// JupyterLab, behind the port.
import { Twins } from '../support/app/crawl';
import { expect, needsPython, python, test } from '../support/app/fixtures';
import { checkSession } from '../support/app/session';

needsPython();

const TOKEN = 'a-token-of-this-test';
/** A form's token is masked anew in each answer, each page of the lab has a number, and being asked is an activity. */
const NEW = [
  /(?<=<input type="hidden" name="_xsrf" value=")2\|[0-9a-f|]+(?="\/>)/g,
  /(?<="store_id": )\d+(?=, )/g,
  /(?<="last_activity": ")\d{4}-\d\d-\d\dT[\d:.]+Z(?=")/g,
];

const jupyter = (folder: string) => (port: number) => ({
  program: python(),
  args: ['-m', 'jupyterlab', '--no-browser', '--allow-root', `--port=${port}`, '--ServerApp.port_retries=0'],
  cwd: folder,
  env: { JUPYTER_TOKEN: TOKEN },
});

test('somebody logs in to JupyterLab by its token through the port, and a kernel answers over its WebSocket', async ({ copied, page, served }) => {
  const { through } = await served(jupyter(await copied('jupyter')), '/login');
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(new URL(socket.url()).origin));
  await page.goto(`${through}/lab/tree/sum.ipynb`);
  await page.getByLabel('Password or token').fill(TOKEN);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  // A cell that is run before its kernel is there is not run.
  await expect(page.getByRole('button', { name: 'Python 3 (ipykernel) | Idle' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: /^Run this cell/ }).click();
  await expect(page.getByText('the sum is 2', { exact: true })).toBeVisible();
  expect(new Set(sockets)).toEqual(new Set([through.replace('http:', 'ws:')]));
});

test('JupyterLab answers through the port what it answers alone', async ({ copied, playwright, served }) => {
  const twins = await Twins.meet(playwright.request, await served(jupyter(await copied('jupyter')), '/login'), NEW);
  const paths = [
    ...['/', '/lab', '/lab/tree/sum.ipynb', '/view/sum.ipynb', '/files/sum.ipynb', '/nbconvert/html/sum.ipynb', '/nowhere'],
    ...['/api', '/api/status', '/api/contents', '/api/contents/sum.ipynb?content=1', '/api/kernelspecs', '/api/kernels', '/api/sessions'],
    ...['/lab/api/settings', '/lab/api/translations', '/lab/api/workspaces'],
  ];
  const crawl = () => twins.crawl(paths, { except: /^\/logout/ });
  expect(await crawl()).toContain('/login?next=%2Flab');
  const logIn = (password: string) => (cookies: Map<string, string>) => ({
    method: 'POST' as const,
    form: { _xsrf: cookies.get('_xsrf')!, password },
  });
  expect((await twins.ask('/login', logIn('a wrong one'))).status()).toBe(401);
  expect((await twins.ask('/login', logIn(TOKEN))).headers().location).toBe('/');
  expect(await crawl()).toContainEqual(expect.stringMatching(/^\/static\/lab\/main\.\w+\.js/));
  expect((await twins.ask('/api/kernels', () => ({ method: 'POST' }))).status()).toBe(403);
  await twins.ask('/logout');
  expect((await twins.ask('/lab')).status()).toBe(302);
  await twins.part();
});

test('the check of its session finds that JupyterLab’s cookie outlives the log-out', async ({ copied, request, served }, testInfo) => {
  const { alone } = await served(jupyter(await copied('jupyter')), '/login');
  const { code, found } = await checkSession(alone, testInfo.outputPath('login.toml'), {
    page: '/lab',
    login: [{ get: '/login' }, { post: '/login', form: { password: TOKEN } }],
    logout: [{ get: '/logout' }],
  });
  expect(found).toEqual([
    'log-out-ends-the-session: error',
    'secure: warning',
    'same-site: warning',
    'random-identifier: note',
    'host-bound: note',
    'idle-timeout: note',
    'caches: note',
  ]);
  expect(code).toBe(1);

  // As requests show that are not the check's own.
  const form = { password: TOKEN, _xsrf: '' };
  form._xsrf = /name="_xsrf" value="([^"]+)"/.exec(await (await request.get(`${alone}/login`)).text())![1]!;
  await request.post(`${alone}/login`, { form });
  const { cookies } = await request.storageState();
  const old = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  await request.get(`${alone}/logout`);
  const asked = (cookie: string) => fetch(`${alone}/lab`, { headers: { cookie }, redirect: 'manual' });
  expect((await asked('')).status).toBe(302);
  expect((await asked(old)).status).toBe(200);
});
