// A log-in as it should not be: the identifier that a stranger was given stays at log-in, and the log-out deletes the cookie alone.
// Usage: node server.mjs PORT
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const people = new Map();
const page = (title, body) => `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>${title}</title><h1>${title}</h1>${body}</html>`;
const FORM = `<form method="post" action="/login"><label>Username <input name="username"></label>
<label>Password <input name="password" type="password"></label><button>Log in</button></form>`;

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://app');
  let identifier = /(?:^|; )sid=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
  const answer = (status, headers, body = '') => response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end(body);
  if (!identifier) {
    identifier = randomBytes(16).toString('hex');
    response.setHeader('Set-Cookie', `sid=${identifier}; Path=/; HttpOnly; SameSite=Lax`);
  }
  if (request.method === 'POST' && pathname === '/login') {
    people.set(identifier, 'ada');
    answer(303, { Location: '/account' });
  } else if (request.method === 'POST' && pathname === '/logout') {
    answer(303, { Location: '/', 'Set-Cookie': 'sid=; Path=/; Max-Age=0' });
  } else if (pathname === '/account' && !people.has(identifier)) {
    answer(302, { Location: '/login' });
  } else if (pathname === '/account') {
    answer(200, {}, page('Account', `<p>Logged in as ada</p><form method="post" action="/logout"><button>Log out</button></form>`));
  } else if (pathname === '/login') {
    answer(200, {}, page('Log in', FORM));
  } else {
    answer(200, {}, page('Home', '<p>Hello, stranger</p>'));
  }
}).listen(Number(process.argv[2]), '127.0.0.1');
