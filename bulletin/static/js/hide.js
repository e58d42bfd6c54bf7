// A quick way out: an empty page in the place of this one, in every tab, until "Show again"; members come back by
// their words (accounts.js), because they are hidden on the server too. What was typed stays where it is.

const by = (id) => document.getElementById(id);
const view = [document.querySelector(".top"), document.querySelector("main")];
const blank = by("blank");
const dull = blank.firstElementChild.textContent;
const tabs = new BroadcastChannel("hide");

let away = false;
let title;
let place;

function hide(to) {
  if (to === away) return;
  away = to;
  if (away) [title, place] = [document.title, scrollY];
  for (const part of view) part.hidden = away;
  blank.hidden = !away;
  document.title = away ? dull : title;
  scrollTo({ top: away ? 0 : place, behavior: "instant" });
  (away ? by("show") ?? blank : by("hide")).focus({ preventScroll: true });
}

// Again until the server knows: there may be no signal just now, and then that is said.
const tell = () => away && fetch(by("hide").form.action, {
  method: "POST", keepalive: true, headers: { Accept: "application/json" },
}).then(() => { by("untold").hidden = true; }, () => {
  by("untold").hidden = false;
  setTimeout(tell, 5000);
});

by("hide").hidden = false;
by("hide").addEventListener("click", (event) => {
  event.preventDefault();
  hide(true);
  tabs.postMessage("");
  if (by("hide").form) tell();
});

// The server has hidden this phone, and a form was sent from it: see send.js.
addEventListener("asked", () => hide(true));

// What nobody has touched for as long as its site says is hidden, as it is on the server; also when a phone wakes up.
const idle_ms = 60_000 * (blank.dataset.idleMinutes ?? Infinity);
let touched = Date.now();
const look = () => { if (Date.now() - touched >= idle_ms) hide(true); };
const touch = () => {
  look();
  touched = Date.now();
};
for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, touch, { passive: true });
for (const kind of ["visibilitychange", "pageshow"]) addEventListener(kind, look);
setInterval(look, 5_000);
by("show")?.addEventListener("click", () => hide(false));
blank.addEventListener("back", () => hide(false));
// What goes on below may name the page anew: not before it is seen again.
new MutationObserver(() => {
  if (away && document.title !== dull) [title, document.title] = [document.title, dull];
}).observe(document.querySelector("title"), { childList: true });
tabs.onmessage = () => hide(true);
