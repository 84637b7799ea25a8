// `storage-lab check-session` on a real app.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { BINARY } from '../server';

type Step = { get?: string; post?: string; form?: Record<string, string> };
/** What is written into the file: the page that only who is logged in sees, and the requests that log in and out. */
type Plan = { page: string; login: Step[]; logout: Step[] };
type Finding = { check: string; severity: string };

const list = (name: string, steps: Step[]) =>
  steps.map(({ get, post, form }) =>
    [
      `[[${name}]]`,
      get ? `get = ${JSON.stringify(get)}` : `post = ${JSON.stringify(post)}`,
      ...(form ? [`form = { ${Object.entries(form).map(([field, value]) => `${field} = ${JSON.stringify(value)}`).join(', ')} }`] : []),
    ].join('\n'),
  );

/** The exit code, and what is found and what is right, each by its name in the report. */
export async function checkSession(app: string, file: string, { page, login, logout }: Plan) {
  await writeFile(file, [`page = ${JSON.stringify(page)}`, ...list('login', login), ...list('logout', logout)].join('\n'));
  const { code, text } = await new Promise<{ code: number; text: string }>((resolve, reject) => {
    const child = execFile(BINARY, ['check-session', '--app', app, '--login', file, '--format', 'json'], (error, stdout, stderr) => {
      if (stderr) reject(new Error(stderr));
      else resolve({ code: child.exitCode ?? -1, text: stdout });
    });
  });
  const findings = (JSON.parse(text) as { findings: Finding[] }).findings;
  return {
    code,
    found: findings.filter(({ severity }) => severity !== 'ok').map(({ check, severity }) => `${check}: ${severity}`),
    right: findings.filter(({ severity }) => severity === 'ok').map(({ check }) => check),
  };
}
