// Reads the lab's markers wherever it runs, in a frame, a tab or a window, and reports to the bench that opened it what
// it found. It touches nothing but the entries called lab-trial-…, and lab-x… of the one run that asks, and makes none. Where these lie in the further stores
// is told in app/src/browser/optional/mod.rs.
const query = new URLSearchParams(location.search);

/** Over a channel, which reaches the bench whether this tab knows its opener or not. */
function tell(report) {
  const channel = new BroadcastChannel('lab-trial');
  channel.postMessage(report);
  channel.close();
}

// Nobody else can tell the bench that a window without an opener was opened.
if (top === self) tell(JSON.stringify({ report: query.get('report'), opened: true }));

/** What one place holds, or why it cannot be read. */
async function look(read) {
  try {
    const value = await read();
    return value == null ? 'nothing' : { something: value };
  } catch (error) {
    return { unreadable: error.name };
  }
}

function cookie(name) {
  const pair = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

/** Asks a request of IndexedDB; a database that is not there yet is not made. */
function asked(request) {
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => (request.error.name === 'AbortError' ? resolve(undefined) : reject(request.error));
  });
}

async function fromIndexedDb(name) {
  const database = await asked(indexedDB.open('lab-bench'));
  if (!database) return undefined;
  const value = await asked(database.transaction('values').objectStore('values').get(name));
  database.close();
  return value;
}

async function fromCache(name) {
  if (!(await caches.has('lab-bench'))) return undefined;
  return (await caches.match(`/lab/cache/${name}`, { cacheName: 'lab-bench' }))?.text();
}

async function fromFiles(name) {
  try {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('lab-bench');
    return await (await (await folder.getFileHandle(name)).getFile()).text();
  } catch (error) {
    if (error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

const credentials = query.get('credentials') ?? 'same-origin';

/** The names of what a run of an experiment has laid: as scripts see them here, and as this site's server receives them. */
async function ofRun(begins) {
  const names = async (read) => {
    try {
      return (await read()).filter((name) => name.startsWith(begins));
    } catch {
      return null;
    }
  };
  return {
    cookies: await names(() => document.cookie.split('; ').map((pair) => pair.split('=')[0])),
    session_storage: await names(() => Object.keys(sessionStorage)),
    local_storage: await names(() => Object.keys(localStorage)),
    carried: await names(async () => {
      const answer = await fetch('/lab/echo/reader', { credentials, cache: 'no-store' });
      return (await answer.json()).cookies.map(({ name }) => name);
    }),
  };
}

/** Looks everywhere and reports. */
async function read() {
  const found = {
    session_cookie: await look(() => cookie('lab-trial-session-cookie')),
    timed_cookie: await look(() => cookie('lab-trial-timed-cookie')),
    session_storage: await look(() => sessionStorage.getItem('lab-trial-session-storage')),
    local_storage: await look(() => localStorage.getItem('lab-trial-local-storage')),
    indexed_db: await look(() => fromIndexedDb('lab-trial-indexed-db')),
    cache_storage: await look(() => fromCache('lab-trial-cache-storage')),
    opfs: await look(() => fromFiles('lab-trial-opfs')),
  };

  const travelled = await fetch('/lab/markers', { credentials, cache: 'no-store' }).then(
    (answer) => (answer.ok ? answer.json() : null),
    () => null,
  );

  const begins = query.get('run') ?? '';
  const run = /^lab-x[0-9a-f]{12}-$/.test(begins) ? await ofRun(begins) : undefined;

  const report = JSON.stringify({ report: query.get('report'), found, travelled, run });
  const other = document.querySelector('meta[name="lab-other-site"]').content;
  if (top !== self) {
    top.postMessage(report, query.get('to') === 'other' ? other : location.origin);
  } else {
    tell(report);
    close();
  }
}

// Who opens it for its page alone asks for no report. Such a frame may be removed at any time, and WebKit hangs where
// that happens while it looks into the stores.
if (query.get('report') !== 'none') await read();
