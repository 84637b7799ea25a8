// What a page of another site can make a browser send, to the unguarded target and to the guarded one: images, requests
// by script, links that are followed, forms. The answer to a link or a form leads back here, to the next of them; where
// there is nothing to send, the window is done with.
const [links, forms] = [document.links, document.forms];
// What takes the window along, in this order. It replaces the page, since a window with a history may not close itself.
const ways = [
  () => location.replace(links[0].href),
  () => location.replace(links[1].href),
  () => forms[0].submit(),
  () => forms[1].submit(),
];
const step = Number(location.hash.slice(1));

if (forms.length === 0) {
  close();
} else {
  for (const { href } of step === 0 ? links : []) {
    await new Promise((resolve) => {
      const image = new Image();
      image.onload = image.onerror = resolve;
      image.src = href.replace('how=link', 'how=image');
    });
    // The answer cannot be read from here; that the request was sent is all that counts.
    await fetch(href.replace('how=link', 'how=script'), { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => {});
  }
  ways[step]();
}
