// One's own phone: it keeps what is needed to write without signal, and sends what waits. What send.js could not send
// is sealed at once, so that it survives the page; form and letter have one id, and whichever comes through counts.

import { count, hold, isFresh, keyFor, letGo, put, remember, remove, send } from "./queue.js";

const about = document.getElementById("phone-script").dataset;
const waiting = document.getElementById("in-phone");
const site = about.key?.split("/")[2].replace(/-/g, "");
const idOf = (one) => one.body.get("form_id");
const sealing = new Map(); // ids of forms: until each is sealed
const PAUSE_MS = 1000; // after the last key

async function show() {
  const left = await count();
  if (waiting) {
    waiting.hidden = !left;
    waiting.textContent = waiting.dataset.say.replace("#", left);
  }
}

async function goOut() {
  const { refused } = await send();
  if (refused && await prepare(true)) await send(); // signed in anew: there is another token
  await show();
}

async function sealed(form, body) {
  const { seal } = await import("./seal.js");
  const key = await keyFor(new URL(form.action).pathname.split("/")[2].replace(/-/g, ""));
  if (key?.member !== about.whose) throw new Error(); // of nobody, or of who was signed in here before
  const fields = [...body].filter(([name]) => name !== "form_id");
  await put(await seal(key, body.get("form_id"), form.dataset.letter, fields));
}

async function keep(one) {
  const { typed } = one;
  hold(idOf(one));
  await sealed(one.form, one.body);
  const worker = await navigator.serviceWorker?.getRegistration();
  worker?.sync?.register("letters").catch(() => {});
  if (one.typed === typed && one.waiting) {
    one.kept = true;
    one.say(about.sayKept);
  }
  if (one.waiting) return show();
  letGo(idOf(one)); // signed out, but with signal: this page does not send it again by itself
  await goOut();
}

document.addEventListener("unsent", ({ target, detail }) => {
  if (target.dataset.letter && crypto.subtle) sealing.set(idOf(detail), keep(detail).catch(() => {}));
});
document.addEventListener("answered", async ({ target, detail }) => {
  if (!target.dataset.letter) return;
  await sealing.get(idOf(detail));
  await remove(idOf(detail));
  sealing.delete(idOf(detail));
  letGo(idOf(detail));
  show();
});
let pause;
document.addEventListener("input", ({ target: { form } }) => {
  if (!form?.dataset.letter) return;
  import("./seal.js").catch(() => {}); // while there is signal
  const id = form.elements.form_id.value;
  if (!sealing.has(id)) return;
  clearTimeout(pause); // what waits is what stands there
  pause = setTimeout(() => sealing.has(id) && sealing.set(id, sealed(form, new FormData(form)).catch(() => {})), PAUSE_MS);
});
addEventListener("online", goOut);

/** Have what is of today; `anew`: whatever there is. Is there something else than before? */
async function prepare(anew = false) {
  if (!site || (!anew && await isFresh(site, about.whose, about.phone))) return false;
  const key = await (await fetch(about.key, { headers: { Accept: "application/json" } })).json();
  if (!key) return false;
  await remember(key);
  const worker = await navigator.serviceWorker?.register(about.worker, { scope: "/", type: "module", updateViaCache: "none" });
  worker?.active?.postMessage("anew");
  return true;
}

prepare().catch(() => {}).then(goOut).catch(() => {}); // without a place to keep things: as it was before
