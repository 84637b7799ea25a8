// Django's admin, behind the port.
import { Twins } from '../support/app/crawl';
import { ADA, django, logInToAdmin } from '../support/app/django';
import { expect, needsPython, test } from '../support/app/fixtures';
import { checkSession } from '../support/app/session';

needsPython();

/** A form's token is masked anew in each answer. */
const TOKEN = /(?<=<input type="hidden" name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=">)/g;

test('somebody logs in to Django’s admin through the port, changes an object, and logs out', async ({ context, page, served }, testInfo) => {
  const { through } = await served(await django(testInfo.outputPath()), '/admin/login/');
  await page.goto(`${through}/admin/`);
  await expect(page).toHaveURL(`${through}/admin/login/?next=/admin/`);
  await logInToAdmin(page);
  await expect(page).toHaveURL(`${through}/admin/`);
  const cookies = await context.cookies();
  expect(cookies.map(({ name, domain, httpOnly, sameSite }) => [name, domain, httpOnly, sameSite]).sort()).toEqual([
    ['csrftoken', '127.0.0.1', false, 'Lax'],
    ['sessionid', '127.0.0.1', true, 'Lax'],
  ]);

  await page.getByRole('link', { name: 'Users', exact: true }).click();
  await page.getByRole('link', { name: ADA.username, exact: true }).click();
  await page.getByRole('textbox', { name: 'First name' }).fill('Augusta');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page).toHaveURL(`${through}/admin/auth/user/`);
  await expect(page.getByText('was changed successfully')).toBeVisible();
  await expect(page.getByRole('cell', { name: 'Augusta' })).toBeVisible();

  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('heading', { name: 'Logged out' })).toBeVisible();
  await page.goto(`${through}/admin/auth/user/`);
  await expect(page).toHaveURL(`${through}/admin/login/?next=/admin/auth/user/`);
});

test('Django’s admin answers through the port what it answers alone', async ({ playwright, served }, testInfo) => {
  const origins = await served(await django(testInfo.outputPath()), '/admin/login/');
  const twins = await Twins.meet(playwright.request, origins, [TOKEN]);
  const loggedOut = await twins.crawl(['/admin/', '/', '/admin']);
  expect(loggedOut).toEqual(expect.arrayContaining(['/admin/login/?next=/admin/', '/static/admin/css/base.css']));
  const form = (cookies: Map<string, string>) => ({ csrfmiddlewaretoken: cookies.get('csrftoken')! });
  const logIn = (password: string) => (cookies: Map<string, string>) => ({
    method: 'POST' as const,
    form: { ...form(cookies), ...ADA, password, next: '/admin/' },
  });
  expect((await twins.ask('/admin/login/', logIn('a wrong one'))).status()).toBe(200);
  expect((await twins.ask('/admin/login/', logIn(ADA.password))).headers().location).toBe('/admin/');
  const loggedIn = await twins.crawl(['/admin/', '/admin/auth/user/1/change/']);
  expect(loggedIn).toEqual(expect.arrayContaining(['/admin/auth/user/', '/admin/auth/group/add/', '/admin/jsi18n/']));
  expect((await twins.ask('/admin/logout/', () => ({ method: 'POST' }))).status()).toBe(403);
  expect((await twins.ask('/admin/logout/', (cookies) => ({ method: 'POST', form: form(cookies) }))).status()).toBe(200);
  expect((await twins.ask('/admin/')).status()).toBe(302);
  await twins.part();
});

test('the check of its session finds that Django rotates the identifier at log-in and ends it at log-out', async ({ served }, testInfo) => {
  const { alone } = await served(await django(testInfo.outputPath()), '/admin/login/');
  const { code, found, right } = await checkSession(alone, testInfo.outputPath('login.toml'), {
    page: '/admin/',
    login: [{ get: '/admin/login/' }, { post: '/admin/login/', form: ADA }],
    logout: [{ post: '/admin/logout/' }],
  });
  expect(right).toEqual(expect.arrayContaining(['session-fixation', 'log-out-ends-the-session', 'log-out-deletes-the-cookie', 'caches']));
  expect(found).toEqual(['secure: warning', 'host-bound: note', 'idle-timeout: note']);
  expect(code).toBe(0);
});
