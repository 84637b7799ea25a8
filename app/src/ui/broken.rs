//! What is told when a script of the page fails: the program in WASM cannot say it, since it may be what has failed.

/// Runs in the document's head. An error that nobody handles (a panic, a file of the app that did not come) shows a message
/// at the foot of the page, once; errors of the browser's extensions do not, nor does a chunk that did not come: who asked for
/// it says so, or tells `tell_broken`.
#[cfg(feature = "ssr")]
pub(crate) const BROKEN_SCRIPT: &str = "\
(()=>{const tell=(cause)=>{\
const text=String(cause?.stack??cause);\
if(/-extension:\\/\\//.test(text)||document.getElementById('page-broke'))return;\
const make=(tag,words,to)=>{const it=document.createElement(tag);it.textContent=words;to?.append(it);return it};\
const note=make('div','');note.id='page-broke';note.setAttribute('role','alert');\
make('p','A script of this page has failed, so parts of it may no longer answer. What was stored is still there. Reload the page to go on.',note);\
const say=(words,act)=>{make('button',words,note).onclick=act};\
say('Reload',()=>location.reload());say('Dismiss',()=>note.remove());\
(document.body??document.documentElement).append(note)};\
addEventListener('error',(event)=>{\
if(event.target instanceof HTMLScriptElement||event.filename?.startsWith(location.origin))tell(event.error??event.filename??event.target.src)},true);\
addEventListener('unhandledrejection',(event)=>{if(!/__wasm_split\\./.test(event.reason?.stack))tell(event.reason)});\
addEventListener('page-broke',tell)})()";

/// The app says itself that the page does not answer.
#[cfg(feature = "hydrate")]
pub(crate) fn tell_broken() {
    use leptos::prelude::window;
    let _ = web_sys::Event::new("page-broke").and_then(|event| window().dispatch_event(&event));
}
