// Firefox whose owner lets no site keep anything: each refusal has its words where it happens, and nothing waits for ever.
import { Bench } from '../support/engine/bench';
import { Experiment } from '../support/engine/experiment';
import { expect, ONCE, test } from '../support/engine/fixtures';
import { soon } from '../support/engine/tab';
import { somebody } from '../support/people';

test.use({ cookies: false });
test.skip(({ engine }) => engine !== 'firefox', 'Only Firefox has the setting.');

test('a value that is put in all four is refused by each with the reason', ONCE, async ({ tab }) => {
  await tab.open('/');
  const bench = new Bench(tab);
  await soon(() => tab.role('main').text(), 20_000).toContain('Live: what other tabs change');
  await bench.put('tea', 'green');
  await bench.says('No store took lab-tea.');
  const told = () => tab.role('form', 'Put a value').role('textbox', 'Value').description();
  for (const store of ['Cookies', 'sessionStorage', 'localStorage', 'Server session']) await soon(told).toContain(`${store}: `);
  await soon(told).toContain('this browser did not keep the session\'s cookie');
});

test('an experiment that relies on web storage says that it cannot be tried, at once', ONCE, async ({ tab }) => {
  const experiment = await new Experiment(tab).open('everything-becomes-a-string');
  await experiment.start();
  const { outcome, words } = await experiment.concludes();
  expect(outcome).toBe('cannot_be_tried');
  expect(words).toContain('Allow the site to store data');
});

test('logging in says beforehand that cookies are blocked, and afterwards that none was kept', ONCE, async ({ tab, user }) => {
  await tab.open('/login');
  await soon(() => tab.role('main').text()).toContain('Logging in needs a cookie of this site.');
  await tab.role('textbox', 'Username').fill(somebody().username);
  await soon(() => tab.role('main').text(), 20_000).toContain('This browser blocks cookies here, so that logging in cannot work.');
  await tab.role('textbox', 'Username').fill(user.username);
  await tab.label('Password').fill(user.password);
  await tab.role('button', 'Log in').click();
  await soon(() => tab.role('main').text(), 20_000).toContain('this browser did not keep the cookie of your log-in');
});
