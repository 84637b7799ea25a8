// HTTP forgets: held against the requests as the browser itself notes them.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

/** The heads of the requests to the experiment's path, as the browser sent them, without what the network layer adds. */
async function visits(page: import('@playwright/test').Page) {
  const sent: { url: string; fields: Promise<Record<string, string>> }[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/lab/echo/visit') sent.push({ url: request.url(), fields: request.allHeaders() });
  });
  return () => Promise.all(sent.map(async ({ url, fields }) => ({ url, fields: await fields })));
}

test('nothing connects the requests until they carry a parameter or a cookie', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('http-forgets', '?visitor=ada');
  const sent = await visits(page);
  await experiment.predict(/^No, unless/);
  await experiment.run('Holds.');
  await expect(experiment.verdict).toContainText('With the parameter all 2, and with the cookie all 2, said “ada”.');
  await expect(experiment.verdict).toContainText('You expected just that');

  const [first, second, third, fourth, fifth, sixth, ...more] = await sent();
  expect(more).toEqual([]);
  expect(first).toEqual(second);
  expect(JSON.stringify([first, second])).not.toContain('ada');
  for (const visit of [third, fourth]) {
    expect(visit!.url).toMatch(/\?visitor=ada$/);
    expect(visit!.fields).not.toHaveProperty('cookie');
  }
  for (const visit of [fifth, sixth]) {
    expect(visit!.url).not.toContain('visitor=');
    expect(visit!.fields.cookie).toMatch(/lab-x\w+-visitor=ada/);
  }

  // What the page shows is what was sent.
  const heads = await experiment.texts(1, 'Wire', /^Request \d, as it arrived/);
  expect(heads).toHaveLength(2);
  for (const name of ['host', 'user-agent', 'accept-language']) {
    if (first!.fields[name]) expect(heads[0]).toContain(`${name}: ${first!.fields[name]}`);
  }
  const [withCookie] = await experiment.texts(3, 'Wire', 'Request 1, as it arrived');
  expect(withCookie).toMatch(/cookie: .*lab-x\w+-visitor=ada/);
  await leavesNoTrace(context, page);
});

test('as many requests are sent as the link says, and a wrong prediction is told apart', async ({ page }) => {
  const experiment = await new Experiment(page).open('http-forgets', '?requests=3');
  const sent = await visits(page);
  await expect(experiment.parameter('Requests each time')).toHaveValue('3');
  await experiment.predict(/^Yes, a server remembers/);
  await experiment.run('Holds.');
  await expect(experiment.verdict).toContainText('3 requests arrived as 3 times the same');
  await expect(experiment.verdict).toContainText('You expected: Yes, a server remembers who has just asked. What came out: No, unless');
  expect(await sent()).toHaveLength(9);
});

test('where a browser keeps no cookies it cannot be tried', async ({ page }) => {
  const experiment = await new Experiment(page).open('http-forgets');
  // As a browser with cookies blocked for the site does: the line is dropped.
  await page.route('**/lab/cookie', (route) => route.fulfill({ status: 204 }));
  await experiment.predict(/^No, unless/);
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('keeps or sends no cookies for this site');
});
