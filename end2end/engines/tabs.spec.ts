// Two tabs of one browser: what changes in one shows in the other without a reload.
import { Bench } from '../support/engine/bench';
import { expect, NO_SECURE_COOKIES, ONCE, test } from '../support/engine/fixtures';
import { soon } from '../support/engine/tab';
import { SESSION_COOKIE } from '../support/people';

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

test('sessionStorage stays in its own tab', ONCE, async ({ another, holds, tab }) => {
  const [here, there] = [await new Bench(tab).open(), await new Bench(await another()).open()];
  await here.add('sessionStorage', 'tea', 'green');
  await here.add('localStorage', 'tea', 'green');
  await there.shows('localStorage', 'lab-tea', 'green');
  await there.lacks('sessionStorage', 'lab-tea');
  expect(await holds(here.tab, 'sessionStorage')).toMatchObject({ 'lab-tea': 'green' });
  expect(await holds(there.tab, 'sessionStorage')).not.toHaveProperty('lab-tea');
});

test('logging out in one tab shows on the bench of the other', async ({ another, baseURL, keepsSecure, session, tab, tolerate, user }) => {
  test.skip(!keepsSecure, NO_SECURE_COOKIES);
  tolerate(/\b401\b/);
  await tab.open('/login');
  await tab.role('textbox', 'Username').fill(user.username);
  await tab.label('Password').fill(user.password);
  await tab.role('button', 'Log in').click();
  await soon(() => tab.role('main').text()).toContain(`You are logged in as ${user.username}`);
  const here = await new Bench(tab).open();
  const there = await new Bench(await another()).open();
  expect(await there.row(SESSION_COOKIE).isThere()).toBe(true);
  const menu = await there.menu('Server session');
  await here.button('Log out').click();
  await there.lacks('Cookies', SESSION_COOKIE);
  await soon(() => menu.text()).toContain('No session yet');
  expect((await session.cookies(baseURL!)).map(({ name }) => name)).not.toContain(SESSION_COOKIE);
});
