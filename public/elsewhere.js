// Does on the other site what would harm the visitor's own cookies and entries here: fills its cookie jar, or asks its
// browser to clear what it keeps, and only where nothing lies that no run has made. At another port it just looks. What it is to
// do stands in the page, as the run was registered; of the address it reads nothing. Then it reports to the server, where
// the experiment that opened it asks, and closes.
const { run, begins, task, most, kind } = document.querySelector('[data-run]').dataset;

const ofRun = (name) => /^lab-x[0-9a-f]{12}-/.test(name);
const seen = () => document.cookie.split('; ').map((pair) => pair.split('=')[0]).filter(Boolean);
const received = async (path, method) => (await (await fetch(path, { method, cache: 'no-store' })).json()).cookies.map(({ name }) => name);
const carried = () => received('/lab/echo/elsewhere', 'GET');
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const remove = (name) => (document.cookie = `${name}=; Max-Age=0; Path=/`);

/** Sets one cookie after the other, the first of them Secure, until one is lost or there are enough. */
async function fill() {
  const names = [];
  document.cookie = `${begins}secure=1; Path=/; Secure; SameSite=Lax`;
  // Over plain HTTP not every browser takes it.
  const secured = seen().includes(`${begins}secure`);
  let [held, left, lost] = [0, 0, []];
  while (names.length < Number(most) && !lost.length) {
    const name = `${begins}${names.length + 1}`;
    document.cookie = `${name}=1; Path=/; SameSite=Lax`;
    names.push(name);
    const now = new Set(seen());
    left = now.size;
    held = Math.max(held, left);
    lost = names.flatMap((name, place) => (now.has(name) ? [] : [place + 1]));
  }
  const arrived = (await carried()).length;
  const secure = secured ? seen().includes(`${begins}secure`) : null;
  return { filled: { set: names.length + Number(secured), held, left, lost, secure, received: arrived } };
}

/** Lays one entry in each place and lets the server ask the browser to clear some of them. */
async function clear() {
  document.cookie = `${begins}cookie=1; Path=/; SameSite=Lax`;
  localStorage.setItem(`${begins}local`, '1');
  sessionStorage.setItem(`${begins}session`, '1');
  await (await caches.open(`${begins}cache`)).put('/lab/cache/x', new Response('1'));
  const look = async () => ({
    cookie: seen().includes(`${begins}cookie`),
    local: localStorage.getItem(`${begins}local`) !== null,
    session: sessionStorage.getItem(`${begins}session`) !== null,
    cache: await caches.has(`${begins}cache`),
  });
  const before = await look();
  await fetch('/lab/clear-site-data', { method: 'POST', body: new URLSearchParams({ kind }) });
  // Firefox clears after it has handed over the answer: it is given two seconds, and a moment more for the rest.
  for (let looks = 0; looks < 20 && Object.values(await look()).every(Boolean); looks++) await pause(100);
  await pause(200);
  return { cleared: { before, after: await look() } };
}

/** Takes away what runs have made here, this one or one that broke off; nobody else runs meanwhile. */
async function tidy() {
  seen().filter(ofRun).forEach(remove);
  for (const area of [localStorage, sessionStorage]) {
    Object.keys(area).filter(ofRun).forEach((name) => area.removeItem(name));
  }
  for (const name of (await cached()).filter(ofRun)) await caches.delete(name);
}

/** What is kept in a store that a browser may lack, or deny to whoever keeps nothing: then there is nothing in it. */
async function kept(list) {
  try {
    return await list();
  } catch {
    return [];
  }
}

const cached = () => kept(() => caches.keys());

async function files() {
  const names = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
  return names;
}

/**
 * Whether anything of this site is there: cookies as scripts see them and as the server receives them, also those for the
 * lab's paths alone, and every store that scripts can list.
 */
async function isUsed() {
  const stores = [
    seen(),
    await carried(),
    await received('/api/observe', 'POST'),
    Object.keys(localStorage),
    Object.keys(sessionStorage),
    await cached(),
    // A browser that cannot list its databases must not be taken for one without any.
    indexedDB.databases ? await kept(() => indexedDB.databases()) : ['unknown'],
    await kept(files),
    await kept(() => navigator.serviceWorker.getRegistrations()),
  ];
  return stores.some((names) => names.length);
}

/** The names of what the run has laid at the place that opened this window. */
async function look() {
  const own = (names) => names.filter((name) => name.startsWith(begins));
  return { found: { cookies: own(seen()), local: own(Object.keys(localStorage)), carried: own(await carried()) } };
}

async function act() {
  if (task === 'look') return look();
  await tidy();
  if (await isUsed()) return 'others';
  try {
    return await { fill, clear }[task]();
  } finally {
    await tidy();
  }
}

let report;
try {
  report = await act();
} catch (error) {
  report = { failed: error.name };
}
await fetch(`/lab/report?run=${run}`, { method: 'POST', body: new URLSearchParams({ report: JSON.stringify(report) }) }).catch(() => {});
close();
