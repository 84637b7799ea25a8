// Requests from elsewhere: held against the requests of the other site's window as the browser sends them.
import { inspect } from '../support/accessibility';
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';
import type { BrowserContext } from '@playwright/test';

/** The guard refuses posts, and no answer is for the other site, which the browser notes. */
const REFUSED = /status of 403|ERR_BLOCKED_BY_RESPONSE/;
const MADE_BY = { image: 'an image', script: 'a script', link: 'a link', form: 'a form' };
const COOKIES = ['strict', 'lax', 'none', 'silent'];

/** A request of the other site's window to one of the two targets, as it went out and was answered. */
type Sent = { method: string; fields: Record<string, string>; cookies: string[]; status: number };

/**
 * The requests of the other site's window as Chromium's network layer notes them, also those whose answers are kept from it;
 * by how they were made and whether to the guarded target.
 */
async function requests(context: BrowserContext): Promise<() => Map<string, Sent>> {
  type Told = { method: string; url: URL };
  const [told, fields, statuses] = [new Map<string, Told>(), new Map<string, Record<string, string>>(), new Map<string, number>()];
  const listening = context.waitForEvent('page').then(async (page) => {
    const devtools = await context.newCDPSession(page);
    devtools.on('Network.requestWillBeSent', ({ requestId, request: { method, url } }) => {
      told.set(requestId, { method, url: new URL(url) });
    });
    devtools.on('Network.requestWillBeSentExtraInfo', ({ requestId, headers }) => {
      fields.set(requestId, Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])));
    });
    devtools.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => {
      statuses.set(requestId, statusCode);
    });
    await devtools.send('Network.enable');
  });
  // Nothing is sent before somebody listens.
  await context.route('**/forge.js', async (route) => {
    await listening;
    await route.continue();
  });
  return () => {
    const all = new Map<string, Sent>();
    for (const [id, { method, url }] of told) {
      if (!/^\/lab\/transfer(\/guarded)?$/.test(url.pathname)) continue;
      const head = fields.get(id) ?? {};
      const cookies = [...(head.cookie ?? '').matchAll(/lab-x\w+-(\w+)=/g)].map(([, what]) => what!);
      const target = url.pathname.endsWith('guarded') ? 'guarded' : 'unguarded';
      all.set(`${url.searchParams.get('how')} ${target}`, { method, fields: head, cookies, status: statuses.get(id) ?? 0 });
    }
    return all;
  };
}

test('what came along is what the browser sent, and the guard refuses the other site alone', { tag: '@databases' }, async ({ context, page, tolerate }) => {
  tolerate(REFUSED);
  const sent = await requests(context);
  const experiment = await new Experiment(page).open('cross-site-request-forgery');
  await experiment.predict(/^Not those that say Strict or Lax/);
  await experiment.run('Holds, with a catch.');
  await expect(experiment.verdict).toContainText('You expected just that');
  await expect.poll(() => context.pages().length, 'the window has closed itself').toBe(1);

  const went = sent();
  expect(went.size).toBe(8);
  const cell = (step: number, title: string, name: string) => {
    const rows = experiment.lane(step, 'Server').getByRole('figure', { name: title }).getByRole('row');
    return rows.filter({ has: page.getByRole('rowheader', { name, exact: true }) }).getByRole('cell');
  };
  const heads = [];
  for (const [how, by] of Object.entries(MADE_BY)) {
    const { fields, method, cookies } = went.get(`${how} unguarded`)!;
    const came = COOKIES.filter((cookie) => cookies.includes(cookie));
    await expect(cell(3, 'Without the guard', `${by}, ${method}`)).toHaveText(came.join(', ') || 'none');
    expect(fields['sec-fetch-site']).toBe('cross-site');
    const said = ['sec-fetch-site', 'sec-fetch-mode', 'origin'].filter((name) => fields[name]);
    heads.push([`${by}, ${method}`, ...said.map((name) => `${name}: ${fields[name]}`)].join('\n'));
    const { status } = went.get(`${how} guarded`)!;
    expect(status).toBe(method === 'POST' ? 403 : 200);
    const answer = `${status} (${status === 403 ? 'refused' : 'let through'})`;
    await expect(cell(4, 'With the guard', `${by}, ${method}, from the other site`)).toHaveText(answer);
  }
  const [said] = await experiment.texts(3, 'Wire', 'Where they said they came from');
  expect(said!.split('\n\n').sort()).toEqual(heads.sort());
  await expect(cell(4, 'With the guard', 'a script, POST, from this page')).toHaveText('200 (let through)');

  // By the rules of SameSite, whatever the page says.
  const cookies = (how: string) => went.get(`${how} unguarded`)!.cookies;
  for (const how of Object.keys(MADE_BY)) expect(cookies(how)).not.toContain('strict');
  for (const how of ['image', 'script', 'form']) expect(cookies(how)).not.toContain('lax');
  expect(cookies('link')).toContain('lax');
  // Chromium excuses it for two minutes.
  expect(cookies('form')).toContain('silent');
  await inspect(page);
  await leavesNoTrace(context, page);
});

test('a lab with one name only says that there is no other site', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('cross-site-request-forgery');
  await page.route('**/lab/markers', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), other_site: null } });
  });
  await experiment.choices.first().check();
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('there is no other site');
  await leavesNoTrace(context, page);
});

test('a browser that opens no window leaves a message that says what to do', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('cross-site-request-forgery');
  await page.evaluate(() => { window.open = () => null; });
  await experiment.choices.first().check();
  await experiment.button('Run it').click();
  await experiment.button('Open the window').click();
  await experiment.concludes('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('Allow this site to open windows (pop-ups)');
  await leavesNoTrace(context, page);
});
