// What cookies cost: held against the requests as the browser itself notes them, and against a client that is no browser.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

for (const bytes of [3_000, 4_096]) {
  test(`requests grow by cookies of ${bytes} bytes until the server refuses them, and then recover`, async ({ context, page, request, tolerate }) => {
    tolerate(/status of 431/);
    const experiment = await new Experiment(page).open('what-cookies-cost', `?bytes=${bytes}`);
    const sent: { path: string; status: number; fields: Promise<Record<string, string>> }[] = [];
    page.on('response', (answer) => {
      const path = new URL(answer.url()).pathname;
      if (/^\/lab\/echo\/lab-x\w+-(bomb|free)$/.test(path)) {
        sent.push({ path, status: answer.status(), fields: answer.request().allHeaders() });
      }
    });
    await experiment.predict(/^Each of them grows/);
    // Which of the two depends on the time that was taken.
    await experiment.run();
    await expect(experiment.verdict.locator('strong')).toHaveText(/^Holds/);
    await expect(experiment.verdict).toContainText('You expected just that');
    await expect(experiment.verdict).toContainText('status 431, by this server. With them gone, the same path answers again.');

    const lengths = await Promise.all(sent.map(async ({ path, status, fields }) => {
      const ours = ((await fields).cookie ?? '').split('; ').filter((pair) => pair.startsWith('lab-x'));
      return { laden: path.endsWith('-bomb'), status, sizes: ours.map((pair) => pair.length - 1) };
    }));
    const refused = lengths.findIndex(({ status }) => status === 431);
    expect(refused).toBeGreaterThan(1);
    for (const [number, { laden, status, sizes }] of lengths.slice(0, refused).entries()) {
      expect({ laden, status, sizes }).toEqual({ laden: true, status: 200, sizes: Array(number).fill(bytes) });
    }
    const most = refused - 1;
    await expect(experiment.verdict).toContainText(`bytes with ${most} cookies.`);
    const [elsewhere, ...rest] = lengths.slice(refused + 1);
    expect(elsewhere).toEqual({ laden: false, status: 200, sizes: [] });
    expect(rest.at(-1)).toEqual({ laden: true, status: 200, sizes: [] });
    const pairs = rest.slice(0, -1);
    expect(pairs).toHaveLength(20);
    for (const { laden, status, sizes } of pairs) {
      expect({ status, sizes }).toEqual({ status: 200, sizes: laden ? Array(most).fill(bytes) : [] });
    }

    // The limit is the server's own, and one byte decides: another client meets it, too.
    const status = async (length: number) => {
      const cookie = 'x'.repeat(length);
      return (await request.get('/lab/echo', { headers: { cookie } })).status();
    };
    let [passes, fails] = [1, 40_000];
    while (fails - passes > 1) {
      const middle = Math.floor((passes + fails) / 2);
      if ((await status(middle)) === 200) passes = middle;
      else fails = middle;
    }
    expect(passes).toBeGreaterThan(most * bytes);
    expect(passes).toBeLessThan((most + 1) * (bytes + 2));
    await leavesNoTrace(context, page);
  });
}

test('it can be run again at once, and other requests work while a path is refused', async ({ context, page, tolerate }) => {
  tolerate(/status of 431/);
  const experiment = await new Experiment(page).open('what-cookies-cost');
  await experiment.predict(/^Nothing much/);
  await experiment.button('Step by step').click();
  for (let step = 1; step <= 2; step++) {
    await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
    if (step === 1) await experiment.button('Next step').click();
  }
  await expect(experiment.lane(2, 'Server')).toContainText('status 431');
  const second = await context.newPage();
  expect((await second.goto('/'))!.status()).toBe(200);
  await second.close();
  await experiment.reset();
  await leavesNoTrace(context, page);

  await experiment.predict(/^Nothing much/);
  await experiment.run();
  await expect(experiment.verdict).toContainText('You expected: Nothing much');
  await leavesNoTrace(context, page);
});

test('where a browser keeps no cookies it cannot be tried', async ({ page }) => {
  // As a browser with cookies blocked for the site does: what is written is not kept.
  await page.addInitScript(() => Object.defineProperty(document, 'cookie', { get: () => '', set: () => undefined }));
  const experiment = await new Experiment(page).open('what-cookies-cost');
  await experiment.predict(/^The browser stops sending/);
  await experiment.run('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('keeps or sends no cookies for this site');
});
