// An error that nobody handles (a panic, a file of the app that did not come) shows a message at the foot of the page, once.
// Errors of the browser's extensions do not, nor does a chunk that did not come: who asked for it says so, or tells `page-broke`.
// A file of the app that is no longer there means that the server has another build by now: that goes before all other reasons.
(() => {
  const FAILED = 'A script of this page has failed, so parts of it may no longer answer. What was stored is still there. Reload the page to go on.';
  const REPLACED = 'A new version of Storage Lab is there, and parts of this page can no longer be fetched. Reload the page to go on: what you have typed stays.';
  const show = (text) => {
    document.getElementById('page-broke')?.remove();
    const note = document.createElement('div');
    note.id = 'page-broke';
    note.setAttribute('role', 'alert');
    note.innerHTML = `<p>${text}</p><button>Reload</button><button>Dismiss</button>`;
    const [reload, dismiss] = note.querySelectorAll('button');
    reload.onclick = () => {
      // The fields' content, for hydrate.js, but no secrets.
      const fields = [...document.querySelectorAll('input[id]:not([type=password]), textarea[id]')];
      history.replaceState({ typed: fields.map(({ id, value, checked }) => [id, value, checked]) }, '');
      location.reload();
    };
    dismiss.onclick = () => note.remove();
    (document.body ?? document.documentElement).append(note);
  };
  const tell = (cause) => {
    if (!/-extension:\/\//.test(cause?.stack ?? cause) && !document.getElementById('page-broke')) show(FAILED);
  };
  const isGone = ({ name, responseStatus }) => responseStatus === 404 && name.startsWith(`${location.origin}/pkg/`);
  new PerformanceObserver((list) => list.getEntries().some(isGone) && show(REPLACED)).observe({ type: 'resource', buffered: true });
  addEventListener('error', (event) => {
    if (event.target instanceof HTMLScriptElement || event.filename?.startsWith(location.origin)) tell(event.error ?? event.filename ?? event.target.src);
  }, true);
  addEventListener('unhandledrejection', ({ reason }) => {
    if (!/__wasm_split\./.test(reason?.stack)) tell(reason);
  });
  addEventListener('page-broke', tell);
})();
