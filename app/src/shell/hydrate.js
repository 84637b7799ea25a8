// Fetches the app, which then hydrates the page: at once where that bears `data-live` or the browser keeps something of earlier
// visits, else when a control is touched. What the visitor does until then is kept, and done again afterwards.
(() => {
  const CONTROL = 'button, input, select, textarea, label';
  const isLive = document.currentScript.hasAttribute('data-live');
  const waiting = new AbortController();
  const listen = (act, ...types) => {
    for (const type of types) addEventListener(type, act, { capture: true, signal: waiting.signal });
  };

  // Each field with the events that told its changes; the buttons that were pressed; each form with what sent it.
  const changes = new Map();
  const clicks = [];
  const submits = new Map();

  let isFetched = false;
  const fetchApp = async () => {
    if (isFetched) return;
    isFetched = true;
    const files = [...document.querySelectorAll('link[data-rel]')];
    for (const link of files) link.rel = link.dataset.rel;
    const [script, program] = files;
    const start = async () => {
      // A module whose fetch has failed once fails in this page for good; a script that is in the cache does not.
      await Promise.all(files.filter(({ href }) => href.endsWith('.js')).map(({ href }) => fetch(href)));
      const app = await import(script.href);
      await app.default({ module_or_path: program.href });
      app.hydrate();
    };
    // Firefox and WebKit stop what is being fetched when a link is followed; the page stays where the link leads to a download.
    let isLeft = false;
    listen(() => (isLeft = true), 'beforeunload');
    const retry = async (error) => {
      if (!isLeft) throw error;
      await new Promise((later) => setTimeout(later, 1000));
      return start();
    };
    try {
      // Twice: what was stopped while it was fetched ahead fails once more for who asks for it.
      await start().catch(retry).catch(retry);
    } catch (error) {
      leave();
      throw error;
    }
  };

  // Where the app does not come, the page stays as it is without scripts: the browser sends the forms.
  const leave = () => {
    waiting.abort();
    for (const [form, submitter] of submits) if (form.isConnected) form.requestSubmit(submitter);
  };

  const again = (fields) => {
    waiting.abort();
    for (const [field, types, value, checked] of fields) {
      // Of radio buttons the one that is checked tells for all.
      if (!field.isConnected || (field.type === 'radio' && !checked)) continue;
      if (field.value !== value) field.value = value;
      if (field.checked !== checked) field.checked = checked;
      for (const type of types) field.dispatchEvent(new Event(type, { bubbles: true }));
    }
    // What the fields set off comes first: a run that takes a password empties its field.
    setTimeout(() => {
      for (const button of clicks) if (button.isConnected) button.click();
      leave();
    });
  };

  listen(({ target, type }) => {
    changes.set(target, (changes.get(target) ?? new Set()).add(type));
    fetchApp();
  }, 'input', 'change');
  listen(({ target }) => {
    const button = target.closest('button[type=button]');
    if (!button) return;
    // One that cannot be pressed here may be so after a change before the press, never after one that follows it.
    if (button.getAttribute('aria-disabled') !== 'true' || changes.size) clicks.push(button);
    fetchApp();
  }, 'click');
  listen((event) => {
    event.preventDefault();
    submits.set(event.target, event.submitter);
    fetchApp();
  }, 'submit');
  listen((event) => {
    if (event.type === 'keydown' || event.target.closest?.(CONTROL)) fetchApp();
  }, 'pointerover', 'focusin', 'keydown');
  listen(leave, 'page-broke');
  // Told by the app before and after. What it does by itself as soon as it runs comes before what is done again.
  listen(() => {
    const fields = [...changes].map(([field, types]) => [field, types, field.value, field.checked]);
    listen(() => queueMicrotask(() => again(fields)), 'app-hydrated');
  }, 'app-hydrates');

  // What was typed before a reload that the page itself has offered (broken.js).
  const { typed } = history.state ?? {};
  if (typed) {
    history.replaceState(null, '');
    addEventListener('DOMContentLoaded', () => {
      for (const [id, value, checked] of typed) {
        const field = document.getElementById(id);
        if (!field || (field.value === value && field.checked === checked)) continue;
        Object.assign(field, { value, checked });
        changes.set(field, new Set(['input', 'change']));
        fetchApp();
      }
    });
  }

  const isUsed = () => {
    try {
      return localStorage.length > 0;
    } catch {
      return false;
    }
  };
  // After the first paint, which a page that nobody sees may never come to.
  const soon = () => {
    requestAnimationFrame(() => setTimeout(fetchApp));
    setTimeout(fetchApp, 500);
  };
  if (isLive || isUsed()) addEventListener('load', soon);
})();
