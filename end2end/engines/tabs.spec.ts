// Two tabs of one browser: what changes in one shows in the other without a reload.
import { Bench } from '../support/engine/bench';
import { expect, NO_SECURE_COOKIES, test } from '../support/engine/fixtures';

for (const store of ['Cookies', 'localStorage', 'Server session'] as const) {
  test(`a change of ${store} in one tab shows in the other, and is told`, async ({ another, holds, keepsSecure, tab }) => {
    test.skip(store === 'Server session' && !keepsSecure, NO_SECURE_COOKIES);
    const [here, there] = [await new Bench(tab).open(), await new Bench(await another()).open()];
    await here.add(store, 'tea', 'green');
    await there.shows(store, 'lab-tea', 'green');
    await there.edit(store, 'lab-tea', 'black');
    await here.shows(store, 'lab-tea', 'black');
    await here.says(`Another tab changed lab-tea in ${store}.`);
    expect(await holds(tab, store)).toMatchObject({ 'lab-tea': 'black' });
    await here.delete(store, 'lab-tea');
    await there.lacks(store, 'lab-tea');
    expect(await holds(tab, store)).not.toHaveProperty('lab-tea');
  });
}

test('sessionStorage stays in its own tab', async ({ another, holds, tab }) => {
  const [here, there] = [await new Bench(tab).open(), await new Bench(await another()).open()];
  await here.add('sessionStorage', 'tea', 'green');
  await here.add('localStorage', 'tea', 'green');
  await there.shows('localStorage', 'lab-tea', 'green');
  await there.lacks('sessionStorage', 'lab-tea');
  expect(await holds(here.tab, 'sessionStorage')).toMatchObject({ 'lab-tea': 'green' });
  expect(await holds(there.tab, 'sessionStorage')).not.toHaveProperty('lab-tea');
});
