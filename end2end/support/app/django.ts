// Django's admin with one superuser.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { APPS, python, run } from './fixtures';

export const ADA = { username: 'ada', password: 'lovelace' };

/** Makes a database with one superuser; returns how its server is started. */
export async function django(folder: string) {
  const manage = (...args: string[]) => ({
    program: python(),
    args: [join(APPS, 'django/manage.py'), ...args],
    cwd: folder,
    env: {
      DATABASE: join(folder, 'db.sqlite3'),
      DJANGO_SUPERUSER_USERNAME: ADA.username,
      DJANGO_SUPERUSER_PASSWORD: ADA.password,
      DJANGO_SUPERUSER_EMAIL: 'ada@app.test',
    },
  });
  await run(manage('migrate', '--verbosity', '0'));
  await run(manage('createsuperuser', '--noinput', '--verbosity', '0'));
  return (port: number) => manage('runserver', '--noreload', `127.0.0.1:${port}`);
}

/** Fills in the form of the log-in, and sends it. */
export async function logInToAdmin(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(ADA.username);
  await page.getByLabel('Password').fill(ADA.password);
  await page.getByRole('button', { name: 'Log in' }).click();
}
