// What a page of another site can make a browser send, one after the other: a request for an image, one by script, and
// at last a form, which takes this window to its target. With #link it follows the link instead of sending the form.
const form = document.querySelector('form');

if (location.hash === '#link') {
  location.href = document.querySelector('a').href;
} else {
  await new Promise((resolve) => {
    const image = new Image();
    image.onload = image.onerror = resolve;
    image.src = form.action;
  });
  await fetch(form.action, { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => {});
  form.submit();
}
