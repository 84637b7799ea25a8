// The bench when things go wrong around it.
import { STORES } from '../support/bench';
import { expect, test } from '../support/fixtures';
import { contents } from '../support/oracle';

test('a reload in the middle of putting leaves a bench that works', async ({ bench, page, tolerate }) => {
  // The requests that the reload cuts off.
  tolerate(/net::ERR_|Failed to fetch/);
  await bench.open();
  await bench.put('tea', 'green');
  await page.reload();
  await bench.awake();
  await bench.putAndWait('tea', 'black');
  for (const store of STORES) await bench.shows(store, 'lab-tea', 'black');
});

test('a server that does not answer is told at the form, what was typed stays, and trying again works', async ({
  bench,
  launch,
  page,
  tolerate,
}) => {
  tolerate(/net::ERR_/);
  const server = await launch();
  await bench.open(server.url);
  await bench.putAndWait('colour', 'blue');

  await server.kill();
  await bench.put('tea', 'green');
  await expect(bench.valueField).toHaveAccessibleDescription(/Server session: The server did not answer\. Check the connection/);
  await expect(bench.nameField).toHaveValue('tea');
  await expect(bench.valueField).toHaveValue('green');
  await bench.add('Server session', 'cup', 'large');
  const form = bench.addForm('Server session');
  await expect(form.getByRole('alert')).toContainText('The server did not answer.');
  await expect(form.getByRole('textbox', { name: 'Value' })).toHaveValue('large');

  await server.start();
  await form.getByRole('button', { name: 'Add' }).click();
  await bench.shows('Server session', 'lab-cup', 'large');
  await bench.button('Put in all four').click();
  await expect(bench.status).toHaveText('Put lab-tea in all four stores.');
  const kept = { 'lab-colour': 'blue', 'lab-cup': 'large', 'lab-tea': 'green' };
  await expect.poll(async () => contents(page, 'Server session').catch(String)).toEqual(kept);
});

test('without a network the other three stores still take a value', async ({ bench, context, page, tolerate }) => {
  // The first click fetches ahead what answers the next.
  tolerate(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  await bench.open();
  // What writes is fetched when the focus comes into the form.
  const open = new Set<unknown>();
  page.on('request', (request) => open.add(request));
  page.on('requestfinished', (request) => open.delete(request));
  const writes = page.waitForEvent('requestfinished', (request) => /split_edit/.test(request.url()));
  await bench.nameField.focus();
  await writes;
  await expect.poll(() => open.size).toBe(0);
  await context.setOffline(true);
  await bench.put('tea', 'green');
  await expect(bench.status).toHaveText('3 of four stores took lab-tea; the form says why the others did not.');
  await expect(bench.valueField).toHaveValue('green');
  await bench.shows('localStorage', 'lab-tea', 'green');
  await context.setOffline(false);
  await bench.button('Put in all four').click();
  await expect(bench.status).toHaveText('Put lab-tea in all four stores.');
});

test('deleting from a server that does not answer says so and leaves the entry', async ({ bench, context, tolerate }) => {
  // Coming into a row fetches ahead what answers the keys there.
  tolerate(/net::ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  await bench.open();
  await bench.putAndWait('tea', 'green');
  await context.setOffline(true);
  await bench.delete('Server session', 'lab-tea');
  await expect(bench.status).toContainText('The server did not answer.');
  await bench.shows('Server session', 'lab-tea', 'green');
});
