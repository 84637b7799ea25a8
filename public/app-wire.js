// The page /app: the theme that was chosen before, and the list as it is now while the page is seen. Without it a link reloads.
try {
  const theme = localStorage.getItem('lab-theme');
  if (theme) document.documentElement.dataset.theme = theme;
} catch {}

const EVERY_MS = 1000;

document.addEventListener('DOMContentLoaded', () => {
  const list = document.getElementById('exchanges');
  const pause = document.getElementById('pause');
  if (!list || !pause) return;

  const offerCopies = () => list.querySelectorAll('[data-copy]').forEach((button) => (button.hidden = false));
  const isPaused = () => pause.getAttribute('aria-pressed') === 'true';
  const isSelected = () => {
    const selection = getSelection();
    return !!selection && !selection.isCollapsed && list.contains(selection.anchorNode);
  };

  /** Asks for the list, and shows it where it is another one. What is selected stays, and so does the focus. */
  async function look() {
    if (document.hidden || isPaused() || isSelected()) return;
    const answer = await fetch(list.dataset.from, { headers: { 'If-None-Match': list.dataset.tag }, cache: 'no-store' });
    if (answer.status !== 200) return;
    const text = await answer.text();
    if (isPaused() || isSelected()) return;
    const focused = list.contains(document.activeElement) ? document.activeElement.id : '';
    const open = [...list.querySelectorAll('details[open]')].map(({ id }) => id);
    list.innerHTML = text;
    for (const details of open) document.getElementById(details)?.setAttribute('open', '');
    list.dataset.tag = answer.headers.get('ETag');
    offerCopies();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  /** One after the other; a server that is gone may come back. */
  const again = () => look().catch(() => {}).finally(() => setTimeout(again, EVERY_MS));

  list.addEventListener('click', async ({ target }) => {
    if (!target.matches('[data-copy]')) return;
    await navigator.clipboard.writeText(target.parentElement.querySelector('code').textContent);
    target.textContent = 'Copied';
  });
  pause.addEventListener('click', () => pause.setAttribute('aria-pressed', String(!isPaused())));
  pause.hidden = false;
  offerCopies();
  again();
});
