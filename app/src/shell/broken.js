// An error that nobody handles (a panic, a file of the app that did not come) shows a message at the foot of the page, once.
// Errors of the browser's extensions do not, nor does a chunk that did not come: who asked for it says so, or tells `page-broke`.
(() => {
  const tell = (cause) => {
    if (/-extension:\/\//.test(cause?.stack ?? cause) || document.getElementById('page-broke')) return;
    const note = document.createElement('div');
    note.id = 'page-broke';
    note.setAttribute('role', 'alert');
    note.innerHTML = '<p>A script of this page has failed, so parts of it may no longer answer. What was stored is still there. Reload the page to go on.</p><button>Reload</button><button>Dismiss</button>';
    const [reload, dismiss] = note.querySelectorAll('button');
    reload.onclick = () => location.reload();
    dismiss.onclick = () => note.remove();
    (document.body ?? document.documentElement).append(note);
  };
  addEventListener('error', (event) => {
    if (event.target instanceof HTMLScriptElement || event.filename?.startsWith(location.origin)) tell(event.error ?? event.filename ?? event.target.src);
  }, true);
  addEventListener('unhandledrejection', ({ reason }) => {
    if (!/__wasm_split\./.test(reason?.stack)) tell(reason);
  });
  addEventListener('page-broke', tell);
})();
