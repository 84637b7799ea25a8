// Express with express-session and Passport as their guides show them, all else at its defaults. Usage: node server.mjs PORT
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { Strategy } from 'passport-local';

const PEOPLE = new Map([['ada', { id: 'ada', password: 'lovelace' }]]);

passport.use(
  new Strategy((username, password, done) => {
    const person = PEOPLE.get(username);
    done(null, person?.password === password ? person : false);
  }),
);
passport.serializeUser((person, done) => done(null, person.id));
passport.deserializeUser((id, done) => done(null, PEOPLE.get(id) ?? false));

const page = (title, body) => `<!doctype html>
<html lang="en"><title>${title}</title><h1>${title}</h1>${body}
<p><a href="/">Home</a> <a href="/login">Log in</a> <a href="/account">Account</a></p></html>`;

const app = express();
app.use(express.urlencoded({ extended: false }));
app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false }));
app.use(passport.session());

app.get('/', (request, response) => response.send(page('Home', `<p>Hello, ${request.user?.id ?? 'stranger'}</p>`)));
app.get('/login', (_, response) =>
  response.send(
    page(
      'Log in',
      `<form method="post"><label>Username <input name="username" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label><button>Log in</button></form>`,
    ),
  ),
);
app.post('/login', passport.authenticate('local', { successRedirect: '/account', failureRedirect: '/login' }));
app.get('/account', (request, response) => {
  if (!request.isAuthenticated()) return response.redirect('/login');
  response.send(page('Account', `<p>Logged in as ${request.user.id}</p><form method="post" action="/logout"><button>Log out</button></form>`));
});
app.post('/logout', (request, response, next) => request.logout((error) => (error ? next(error) : response.redirect('/'))));

app.listen(Number(process.argv[2]), '127.0.0.1');
