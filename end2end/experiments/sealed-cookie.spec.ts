// The sealed cookie: held against the cookies that the browser really sent and the answers to them.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

test('a sealed cookie cannot be read or changed, but sent again', async ({ context, page }) => {
  const sent: Promise<[string, string | null]>[] = [];
  page.on('response', (response) => {
    if (!response.url().includes('/lab/unseal')) return;
    const name = new URL(response.url()).searchParams.get('name')!;
    const cookie = response.request().allHeaders().then((fields) => new RegExp(`${name}=([^;]*)`).exec(fields.cookie ?? '')?.[1] ?? '');
    sent.push(Promise.all([cookie, response.json().then(({ value }: { value: string | null }) => value)]));
  });
  const experiment = await new Experiment(page).open('sealed-cookie', '?value=tea&later=coffee');
  await experiment.predict(/not that it is the latest/);
  await experiment.run('Holds, with a catch.');
  await expect.poll(() => sent).toHaveLength(6);
  const all = await Promise.all(sent);
  expect(all.map(([, value]) => value)).toEqual(['tea', null, 'coffee', 'tea', 'tea', null]);
  const [first, changed, newer, replayed] = all.map(([cookie]) => cookie);
  expect(first).not.toContain('tea');
  expect([changed === first, newer === first, replayed === first]).toEqual([false, false, true]);
  await leavesNoTrace(context, page);
});
