// The dock: a tab at the edge of an app's page that opens Storage Lab's bench beside it. The bench lies in a frame of the lab's
// origin and asks over a port what this page's stores hold; this script answers, and tells of what changes while it is open.
// The server calls the function with where the panel was left. No sink of HTML or script is used (Trusted Types), and the
// styles are the shadow root's own (no policy of the page's concerns them).
((place) => {
  const { src } = document.currentScript ?? {};
  const NAME = 'storage-lab-dock';
  // In a frame of the app's the dock would be there twice, and so it would if the line stands twice in a page.
  if (!src || window !== window.top || document.querySelector(NAME)) return;
  const lab = new URL(src).origin;
  const HELLO = 'storage-lab-dock';
  const EVERY_MS = 700;
  const EVERY_MS_OPTIONAL = 3000;
  const MOST_ENTRIES = 1000;
  const LONGEST_TEXT = 1_000_000;

  /** Whether the page came through the port in front of the app. */
  const isBehindPort = () => Number(location.port || (location.protocol === 'https:' ? 443 : 80)) === place.port;

  // ---- What the stores hold -------------------------------------------------------------------------------------------

  const area = (store) => (store === 'session' ? sessionStorage : localStorage);
  const entriesOf = (storage) =>
    Array.from({ length: storage.length }, (_, at) => storage.key(at))
      .filter((name) => name !== null)
      .map((name) => [name, storage.getItem(name) ?? '']);

  class Refused extends Error {
    constructor(name, fields = {}) {
      super(name);
      Object.assign(this, { name, ...fields });
    }
  }

  const webStorage = (store) => ({
    list: () => ({ entries: entriesOf(area(store)), others: [] }),
    find: (name) => area(store).getItem(name),
    put: (name, value) => area(store).setItem(name, value),
    delete: (name) => area(store).removeItem(name),
  });

  // What is no text is shown by a description and kept here as it was, so that deleting it can be undone.
  const textOf = async (blob, describe) => {
    if (blob.size > LONGEST_TEXT) return describe();
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await blob.arrayBuffer());
    } catch {
      return describe();
    }
  };
  const amount = (bytes) => `${bytes.toLocaleString('en')} bytes`;
  const more = (count) => `${count.toLocaleString('en')} more`;
  /** In the place of a value: what is to be deleted. */
  const GONE = Symbol('gone');

  /**
   * A store whose entries have a place of their own: `{ name, place…, text, isText, original }`. `keep` makes of an original what
   * is still there once the entry is gone.
   */
  const placed = ({ isThere, look, write, place, keep = (original) => original }) => {
    let known = new Map();
    const removed = new Map();
    const read = async () => {
      if (!isThere()) throw new Refused('Absent');
      const { found, others } = await look();
      known = new Map();
      for (const one of found) {
        let { name } = one;
        for (let again = 2; known.has(name); again++) name = `${one.name} #${again}`;
        known.set(name, one);
      }
      return others;
    };
    const placeOf = (name) => {
      try {
        return place(name);
      } catch {
        return null;
      }
    };
    return {
      list: async () => {
        const others = await read();
        return { entries: [...known].map(([name, { text }]) => [name, text]), others };
      },
      find: async (name) => {
        await read();
        return known.get(name)?.text ?? null;
      },
      put: async (name, value) => {
        const before = known.get(name);
        const gone = removed.get(name);
        if (gone?.text === value) return write(gone, gone.original);
        if (before && !before.isText) throw new Refused('NotText');
        const target = before ?? gone ?? placeOf(name);
        if (!target) throw new Refused('NoPlace');
        if (before) removed.set(name, before);
        await write(target, value, before ?? gone);
      },
      delete: async (name) => {
        const before = known.get(name);
        if (!before) return;
        removed.set(name, { ...before, original: await keep(before.original) });
        await write(before, GONE);
      },
    };
  };

  // ---- IndexedDB: database/store/key ----------------------------------------------------------------------------------

  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Refused('BlockedError'));
    });
  const withDatabase = async (name, act) => {
    const request = indexedDB.open(name);
    // It was there a moment ago: one that would be made now is none of the app's.
    request.onupgradeneeded = () => request.transaction.abort();
    const database = await done(request).catch((error) => {
      throw error?.name === 'AbortError' ? new Refused('NoPlace') : error;
    });
    // The app's own upgrade or deletion goes first.
    database.onversionchange = () => database.close();
    try {
      return await act(database);
    } finally {
      database.close();
    }
  };
  /** Whether JSON spells the value, all of it. A circle ends in an error. */
  const isJson = (value) => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
    if (Array.isArray(value)) return Object.keys(value).length === value.length && value.every(isJson);
    return typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value)) && Object.values(value).every(isJson);
  };
  const isSpelled = (value) => {
    try {
      return isJson(value);
    } catch {
      return false;
    }
  };
  const hex = (bytes) => [...new Uint8Array(bytes.buffer ?? bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const spelledKey = (key) => {
    if (typeof key === 'string') return key;
    if (key instanceof ArrayBuffer || ArrayBuffer.isView(key)) return `${hex(key)} (binary)`;
    return `${JSON.stringify(key)} (${Array.isArray(key) ? 'array' : key instanceof Date ? 'date' : typeof key})`;
  };
  const spelledValue = (value) => {
    if (typeof value === 'string') return { text: value, isText: true };
    if (isSpelled(value)) return { text: JSON.stringify(value), isText: true };
    if (value instanceof Blob) return { text: `${value.constructor.name}, ${amount(value.size)}, ${value.type || 'no type'}`, isText: false };
    return { text: `${Object.prototype.toString.call(value).slice(8, -1)}, not text`, isText: false };
  };

  const databases = placed({
    isThere: () => !!window.indexedDB,
    look: async () => {
      const found = [];
      const others = [];
      for (const { name } of (await indexedDB.databases?.()) ?? []) {
        await withDatabase(name, async (database) => {
          for (const store of database.objectStoreNames) {
            const values = database.transaction(store).objectStore(store);
            const [keys, all, count] = await Promise.all([
              done(values.getAllKeys(null, MOST_ENTRIES)),
              done(values.getAll(null, MOST_ENTRIES)),
              done(values.count()),
            ]);
            if (count > keys.length) others.push(`${name}/${store}: ${more(count - keys.length)}`);
            if (!count) others.push(`${name}/${store}, empty`);
            keys.forEach((key, at) =>
              found.push({ name: `${name}/${store}/${spelledKey(key)}`, database: name, store, key, original: all[at], ...spelledValue(all[at]) }),
            );
          }
        });
      }
      return { found, others };
    },
    write: ({ database: name, store, key }, value, before) =>
      withDatabase(name, async (database) => {
        if (!database.objectStoreNames.contains(store)) throw new Refused('NoPlace');
        const transaction = database.transaction(store, 'readwrite');
        const values = transaction.objectStore(store);
        let isKeyKept = true;
        const ended = new Promise((resolve, reject) => {
          transaction.oncomplete = resolve;
          transaction.onabort = () => reject(isKeyKept ? transaction.error ?? new Refused('AbortError') : new Refused('OtherKey'));
        });
        if (value === GONE) {
          values.delete(key);
        } else {
          // What was JSON stays what it spells: an edit that spells none is refused.
          const kept = before && typeof before.original !== 'string' ? parsed(value) : value;
          const put = values.keyPath === null ? values.put(kept, key) : values.put(kept);
          // A key within the value that is another one now would take the place of another entry.
          put.onsuccess = () => {
            isKeyKept = indexedDB.cmp(put.result, key) === 0;
            if (!isKeyKept) transaction.abort();
          };
        }
        await ended;
      }),
    place: (name) => {
      const [database, store, ...key] = name.split('/');
      return store && key.length ? { database, store, key: key.join('/') } : null;
    },
  });
  const parsed = (value) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      throw new Refused('NotJson');
    }
  };

  // ---- Cache Storage: cache/address ------------------------------------------------------------------------------------

  const IS_TEXT = /^text\/|json|javascript|xml|urlencoded/;
  const cached = placed({
    isThere: () => 'caches' in window,
    look: async () => {
      const found = [];
      const others = [];
      for (const cache of await caches.keys()) {
        const open = await caches.open(cache);
        const requests = await open.keys();
        if (requests.length > MOST_ENTRIES) others.push(`${cache}: ${more(requests.length - MOST_ENTRIES)}`);
        if (!requests.length) others.push(`${cache}, empty`);
        for (const request of requests.slice(0, MOST_ENTRIES)) {
          // With its own fields, by which answers of one address are told apart.
          const original = await open.match(request);
          if (!original) continue;
          const type = original.headers.get('content-type') ?? '';
          const blob = await original.clone().blob();
          const describe = () => `${original.type === 'opaque' ? 'opaque answer' : amount(blob.size)}, ${type || 'no type'}`;
          const text = IS_TEXT.test(type) ? await textOf(blob, describe) : describe();
          const address = request.url.startsWith(`${location.origin}/`) ? request.url.slice(location.origin.length) : request.url;
          found.push({ name: `${cache}/${address}`, cache, request, original, text, isText: IS_TEXT.test(type) && text !== describe() });
        }
      }
      return { found, others };
    },
    write: async ({ cache, request }, value, before) => {
      const open = await caches.open(cache);
      if (value === GONE) return open.delete(request);
      if (value instanceof Response) return open.put(request, value.clone());
      const { status, statusText, headers } = before?.original ?? { headers: { 'content-type': 'text/plain;charset=utf-8' } };
      return open.put(request, new Response(value, { status, statusText, headers }));
    },
    place: (name) => {
      const at = name.indexOf('/');
      return at > 0 ? { cache: name.slice(0, at), request: new Request(new URL(name.slice(at + 1), location.origin)) } : null;
    },
  });

  // ---- The origin private file system: folder/file ------------------------------------------------------------------------

  const folder = async (path, create = false) => {
    let at = await navigator.storage.getDirectory();
    for (const name of path) at = await at.getDirectoryHandle(name, { create });
    return at;
  };
  const files = placed({
    isThere: () => !!navigator.storage?.getDirectory,
    look: async () => {
      const found = [];
      let left = 0;
      const walk = async (directory, path) => {
        for await (const [name, handle] of directory.entries()) {
          if (handle.kind === 'directory') {
            await walk(handle, [...path, name]);
          } else if (found.length < MOST_ENTRIES) {
            const file = await handle.getFile();
            const describe = () => `file, ${amount(file.size)}`;
            const text = await textOf(file, describe);
            const isText = text !== describe();
            found.push({ name: [...path, name].join('/'), path, file: name, text, isText, original: isText ? text : file });
          } else {
            left++;
          }
        }
      };
      await walk(await folder([]), []);
      return { found, others: left ? [`${more(left)} files`] : [] };
    },
    write: async ({ path, file }, value) => {
      const directory = await folder(path, value !== GONE);
      if (value === GONE) return directory.removeEntry(file);
      const handle = await directory.getFileHandle(file, { create: true });
      if (!handle.createWritable) throw new Refused('WorkersOnly');
      const stream = await handle.createWritable();
      await stream.write(value);
      await stream.close();
    },
    place: (name) => {
      const path = name.split('/');
      const file = path.pop();
      return file ? { path, file } : null;
    },
    // A file that is gone can be read no more.
    keep: async (original) => (original instanceof File ? new Blob([await original.arrayBuffer()]) : original),
  });

  const STORES = { session: webStorage('session'), local: webStorage('local'), indexed: databases, cache: cached, opfs: files };

  // ---- What the bench asks ------------------------------------------------------------------------------------------------

  const cookieFields = ({ name, value, path, domain, expires, secure, sameSite, partitioned }) => ({
    name, value, path, domain, expires, secure, sameSite, partitioned,
  });
  const VERBS = {
    list: async ({ store }, tell) => {
      const listed = await STORES[store].list();
      if (store in seenAs) {
        const before = seenAs[store];
        seenAs[store] = signature(listed.entries);
        // The bench may look before this script does.
        if (before !== null && before !== seenAs[store]) tell(store, 'app');
      }
      return listed;
    },
    cookies: async () => ({
      string: document.cookie,
      path: location.pathname,
      items: (await window.cookieStore?.getAll().catch(() => null))?.map(cookieFields) ?? null,
    }),
    cookie: async ({ line }) => {
      document.cookie = line;
      seenAs.cookies = document.cookie;
      return { string: document.cookie };
    },
    // Over nothing but what the edit began with, where it says what that was.
    write: async ({ store, name, expected, after }) => {
      const verbs = STORES[store];
      if (expected !== undefined) {
        const now = await verbs.find(name);
        if (now !== expected) {
          if (now === after) return {};
          throw new Refused('Changed', { now });
        }
      }
      // What changes from here on is the bench's doing.
      seenAs[store] = null;
      await (after === null ? verbs.delete(name) : verbs.put(name, after));
      const now = await verbs.find(name);
      seenAs[store] = signature((await verbs.list()).entries);
      if (now !== after) throw new Refused(after === null ? 'Stays' : 'NotKept');
      return {};
    },
    // The port in front of the app answers this itself: it learns which cookies the browser sends from here, and tells the lab. A
    // HEAD, which no service worker keeps as the page. Without the port the app would be asked, so nobody is.
    probe: async ({ probe }) => {
      if (!isBehindPort()) return { answered: false };
      const asked = { method: 'HEAD', headers: { 'Storage-Lab-Probe': probe }, cache: 'no-store', redirect: 'manual' };
      const answer = await fetch(location.origin + location.pathname, asked).catch(() => null);
      return { answered: answer?.status === 204 };
    },
  };

  // ---- The check of a session -------------------------------------------------------------------------------------------

  /** Tells the port, while it asks, what web storage holds: of texts that may be tokens, as many as may be sent by a page that is left. */
  const tellWebStorage = () => {
    const LEAST = 16;
    const LONGEST = 8000;
    const MOST = 20_000;
    const ASCII = /^[ -~]*$/;
    const EVERY_MS = 1000;
    let told = '';
    const tell = async () => {
      let left = MOST;
      const may = ([name, value]) => {
        const length = name.length + value.length;
        return value.length >= LEAST && length <= LONGEST && ASCII.test(value) && (left -= length) >= 0;
      };
      try {
        const [local, session] = [localStorage, sessionStorage].map((storage) => entriesOf(storage).filter(may));
        const body = JSON.stringify({ local, session });
        if (body === told) return;
        told = body;
        const headers = { 'Storage-Lab-Web-Storage': '1' };
        const answer = await fetch(location.origin + location.pathname, { method: 'POST', headers, body, keepalive: true });
        if (!(await answer.json())) stop.abort();
      } catch {
        // Blocked storage tells nothing; what could not be sent is sent with the next change.
      }
    };
    const stop = new AbortController();
    const timer = setInterval(tell, EVERY_MS);
    stop.signal.addEventListener('abort', () => clearInterval(timer));
    addEventListener('pagehide', tell, { signal: stop.signal });
    addEventListener('load', tell, { signal: stop.signal });
  };
  if (place.watched && isBehindPort()) tellWebStorage();

  /** Whether a list is the same as before, without keeping it. */
  const signature = (entries) => {
    let sum = entries.length;
    for (const [name, value] of entries) {
      for (const text of [name, value]) {
        for (let at = 0; at < text.length; at++) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0;
        sum = (Math.imul(sum, 31) + text.length) | 0;
      }
    }
    return sum;
  };
  const seenAs = { session: null, local: null, indexed: null, cache: null, opfs: null, cookies: null };

  /** Serves one bench until it is closed. */
  const serve = (port, signal) => {
    for (const store in seenAs) seenAs[store] = null;
    seenAs.cookies = document.cookie;
    const tell = (store, by, moved) => port.postMessage({ store, by, moved });
    let { pathname } = location;
    port.onmessage = async ({ data }) => {
      const { id, verb, until } = data;
      // Nobody waits any more for what was asked while the page stood still: a write would come as a surprise. The page goes on, though.
      if (Date.now() > until) return port.postMessage({ id });
      try {
        port.postMessage({ id, ...(await VERBS[verb](data, tell)) });
      } catch (error) {
        port.postMessage({ id, error: error?.name ?? 'Error', now: error?.now });
      }
    };
    addEventListener(
      'storage',
      ({ storageArea }) => {
        try {
          const store = storageArea === localStorage ? 'local' : 'session';
          seenAs[store] = signature(entriesOf(storageArea));
          tell(store, 'tab');
        } catch {
          // An area that the browser denies tells of nothing.
        }
      },
      { signal },
    );
    // What the bench did itself is known already.
    const lookAtCookies = () => {
      // A page may change its path without being loaded anew.
      const moved = location.pathname !== pathname;
      if (!moved && document.cookie === seenAs.cookies) return;
      ({ pathname } = location);
      seenAs.cookies = document.cookie;
      tell('cookies', 'app', moved);
    };
    window.cookieStore?.addEventListener?.('change', lookAtCookies, { signal });
    const look = async (stores) => {
      for (const store of stores) {
        const before = seenAs[store];
        // What the bench has not asked for yet has no change to tell of.
        if (before === null) continue;
        const now = await Promise.resolve(STORES[store].list()).then(({ entries }) => signature(entries), () => before);
        if (now !== before && seenAs[store] === before && !signal.aborted) {
          seenAs[store] = now;
          tell(store, 'app');
        }
      }
    };
    // One look after the other, each followed by a rest of many times what it took.
    const again = async (work, every) => {
      if (signal.aborted) return;
      const began = performance.now();
      if (!document.hidden) await work();
      setTimeout(() => again(work, every), Math.max(every, 20 * (performance.now() - began)));
    };
    again(async () => {
      lookAtCookies();
      await look(['session', 'local']);
    }, EVERY_MS);
    again(() => look(['indexed', 'cache', 'opfs']), EVERY_MS_OPTIONAL);
    signal.addEventListener('abort', () => port.close());
  };

  // ---- The tab and the panel ------------------------------------------------------------------------------------------------

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const show = () => {
    const host = make(NAME);
    const root = host.attachShadow({ mode: 'open' });
    // The app's own listeners hear nothing of what is done here.
    for (const type of ['keydown', 'keyup', 'keypress', 'click', 'pointerdown', 'mousedown']) {
      host.addEventListener(type, (event) => event.stopPropagation());
    }
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    const tab = make('button', { type: 'button', class: 'tab', 'aria-expanded': 'false', 'aria-controls': 'panel' }, 'Storage Lab');
    const panel = make('section', { id: 'panel', 'aria-label': 'Storage Lab', hidden: '' });
    root.append(tab, panel);

    let ending = null;
    let frame = null;
    const settle = () => {
      panel.className = place.edge;
      panel.style.setProperty('--size', `${place.size}%`);
      separator.setAttribute('aria-valuenow', String(place.size));
      separator.setAttribute('aria-orientation', place.edge === 'right' ? 'vertical' : 'horizontal');
      turn.textContent = place.edge === 'right' ? 'Move to the bottom' : 'Move to the right';
    };
    // The lab keeps it, so that nothing of it lies among the app's own entries.
    let port = null;
    const remember = () => port?.postMessage({ place });

    const separator = make('div', {
      role: 'separator', tabindex: '0', class: 'separator', 'aria-label': 'Size of the panel', 'aria-valuemin': '20', 'aria-valuemax': '80',
    });
    const size = (to) => {
      place.size = Math.round(Math.min(80, Math.max(20, to)));
      settle();
    };
    separator.addEventListener('keydown', (event) => {
      const by = { ArrowUp: 5, ArrowLeft: 5, ArrowDown: -5, ArrowRight: -5 }[event.key];
      if (!by) return;
      event.preventDefault();
      size(place.size + by);
      remember();
    });
    separator.addEventListener('pointerdown', (event) => {
      separator.setPointerCapture(event.pointerId);
      panel.classList.add('sizing');
      const move = ({ clientX, clientY }) => {
        size(100 * (place.edge === 'right' ? 1 - clientX / innerWidth : 1 - clientY / innerHeight));
        panel.classList.add('sizing');
      };
      separator.addEventListener('pointermove', move);
      separator.addEventListener('lostpointercapture', () => {
        separator.removeEventListener('pointermove', move);
        settle();
        remember();
      }, { once: true });
    });

    const turn = make('button', { type: 'button' });
    turn.addEventListener('click', () => {
      place.edge = place.edge === 'right' ? 'bottom' : 'right';
      settle();
      remember();
    });
    const close = make('button', { type: 'button' }, 'Close');
    const trouble = make('p', { class: 'trouble', role: 'status' });
    panel.append(separator, make('div', { class: 'bar' }, make('strong', {}, 'Storage Lab'), turn, close), trouble);

    const open = () => {
      if (frame) return;
      place.open = true;
      tab.setAttribute('aria-expanded', 'true');
      panel.hidden = false;
      ending = new AbortController();
      const { signal } = ending;
      trouble.textContent = 'Opening the bench…';
      frame = make('iframe', { title: 'The bench of this page', src: `${lab}/dock`, allow: 'clipboard-write' });
      let session = null;
      addEventListener('message', (event) => {
        if (event.source !== frame.contentWindow || event.origin !== lab || event.data !== HELLO) return;
        event.stopImmediatePropagation();
        session?.abort();
        session = new AbortController();
        const { port1, port2 } = new MessageChannel();
        port = port1;
        serve(port, session.signal);
        trouble.textContent = '';
        frame.contentWindow.postMessage(HELLO, lab, [port2]);
        remember();
      }, { signal, capture: true });
      signal.addEventListener('abort', () => session?.abort());
      setTimeout(() => {
        if (!session && !signal.aborted) {
          trouble.textContent = `The bench does not open. Storage Lab may have stopped, or a policy in this page (a meta element with frame-src) forbids frames of ${lab}.`;
        }
      }, 15_000);
      panel.append(frame);
      settle();
    };
    const shut = () => {
      place.open = false;
      remember();
      tab.setAttribute('aria-expanded', 'false');
      panel.hidden = true;
      ending?.abort();
      port = null;
      // The frame goes once it has passed on that it was closed.
      const gone = frame;
      frame = null;
      setTimeout(() => gone?.remove(), 600);
    };
    tab.addEventListener('click', () => (frame ? shut() : open()));
    close.addEventListener('click', () => {
      shut();
      tab.focus();
    });
    panel.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') close.click();
    });
    document.documentElement.append(host);
    settle();
    if (place.open) open();
  };

  const STYLE = `
    :host { all: initial !important; position: fixed !important; }
    @media print { :host { display: none !important; } }
    * { box-sizing: border-box; font: 14px/1.4 system-ui, sans-serif; }
    .tab, .bar, .separator, .trouble, iframe { color-scheme: light dark; }
    .tab, .bar, .trouble { color: light-dark(#1d2433, #eef1f7); background: light-dark(#fff, #1a1f2b); }
    button { color: inherit; background: none; border: 1px solid currentColor; border-radius: 4px; padding: 2px 10px; min-height: 28px; cursor: pointer; }
    button:focus-visible, .separator:focus-visible { outline: 3px solid #4c7dff; outline-offset: 1px; }
    .tab { position: fixed; z-index: 2147483646; inset-block-end: 0; inset-inline-end: 24px; border-radius: 6px 6px 0 0; border-block-end: 0; opacity: .85; }
    .tab:hover, .tab:focus-visible, .tab[aria-expanded=true] { opacity: 1; }
    .tab[aria-expanded=true] { display: none; }
    section[hidden] { display: none; }
    section { position: fixed; z-index: 2147483647; display: flex; flex-direction: column; box-shadow: 0 0 12px #0006; background: light-dark(#fff, #1a1f2b); color-scheme: light dark; }
    section.bottom { inset: auto 0 0; height: var(--size); }
    section.right { inset: 0 0 0 auto; width: var(--size); min-width: min(340px, 100vw); }
    @media (max-width: 700px) { section.right { width: 100vw; } }
    .separator { position: absolute; z-index: 1; touch-action: none; }
    .bottom .separator { inset: -4px 0 auto; height: 8px; cursor: ns-resize; }
    .right .separator { inset: 0 auto 0 -4px; width: 8px; cursor: ew-resize; }
    .sizing iframe { pointer-events: none; }
    .bar { display: flex; gap: 8px; align-items: center; padding: 4px 12px; border-bottom: 1px solid #8886; }
    .bar strong { font-weight: 600; margin-inline-end: auto; }
    .trouble:empty { display: none; }
    .trouble { margin: 0; padding: 8px 12px; }
    iframe { flex: 1; width: 100%; border: 0; min-height: 0; }
  `;

  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', show, { once: true });
  else show();
})
