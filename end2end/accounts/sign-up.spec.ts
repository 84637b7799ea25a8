// Signing up: what is wrong is said at the field, and the typed name stays.
import { expect, test } from '../support/fixtures';
import { fillIn, type Person, somebody } from '../support/people';

const good = somebody().password;
const REFUSED: { title: string; person: (taken: Person) => Person; field: 'Username' | 'Password'; says: RegExp }[] = [
  {
    title: 'a name that somebody has',
    person: ({ username }) => ({ username: username.toUpperCase(), password: good }),
    field: 'Username',
    says: /That username is taken/,
  },
  {
    title: 'a name with a space',
    person: () => ({ username: 'Ada Lovelace', password: good }),
    field: 'Username',
    says: /A username has 3 to 64 characters/,
  },
  {
    title: 'a password of 14 characters',
    person: () => ({ ...somebody(), password: 'fourteen chars' }),
    field: 'Password',
    says: /too short: use at least 15 characters/,
  },
  {
    title: 'a password of 129 characters',
    person: () => ({ ...somebody(), password: 'x'.repeat(129) }),
    field: 'Password',
    says: /too long: use at most 128 characters/,
  },
  {
    title: 'a password that is little more than the name',
    person: () => ({ username: 'ada.lovelace', password: 'Ada.Lovelace of 1815' }),
    field: 'Password',
    says: /That password is too weak without your username in it/,
  },
];

for (const { title, person, field, says } of REFUSED) {
  test(`${title} is refused at the field, and the typed name stays`, async ({ bench, page, tolerate, user }) => {
    tolerate(/status of 4(09|22)/);
    const refused = person(user);
    await bench.open();
    await page.getByRole('link', { name: 'Sign up' }).click();
    await fillIn(page, refused);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expect(page.getByLabel(field, { exact: true })).toHaveAccessibleDescription(says);
    await expect(page.getByLabel(field, { exact: true })).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByRole('textbox', { name: 'Username' })).toHaveValue(refused.username);
    await expect(page).toHaveURL('/signup');
  });
}

test('who corrects what was wrong gets in', async ({ bench, page, tolerate }) => {
  tolerate(/status of 422/);
  const person = somebody();
  await bench.open();
  await page.getByRole('link', { name: 'Sign up' }).click();
  await fillIn(page, { ...person, password: 'too short' });
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/too short/);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
});

test('a link with a made-up error puts no words into the page', async ({ page }) => {
  await page.goto('/signup?error=You+won,+call+0123&username=<b>you</b>');
  await expect(page.getByRole('textbox', { name: 'Username' })).toHaveValue('<b>you</b>');
  await expect(page.getByRole('main')).not.toContainText('You won');
});
