// One's own phone: it keeps what is needed to write without signal, and sends what waits. What send.js could not send
// is sealed at once, so that it survives the page; form and letter have one id, and whichever comes through counts.

import { count, isFresh, keyFor, put, remember, remove, send } from "./queue.js";

const about = document.getElementById("phone").dataset;
const waiting = document.getElementById("waiting");
const site = about.key?.split("/")[2].replace(/-/g, "");
const idOf = (one) => one.body.get("form_id");
const sealing = new Map(); // ids of forms: until each is sealed

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

async function keep(one) {
  const { seal } = await import("./seal.js");
  const key = await keyFor(new URL(one.form.action).pathname.split("/")[2].replace(/-/g, ""));
  if (!key) return;
  const { typed } = one;
  const fields = [...one.body].filter(([name]) => name !== "form_id");
  await put(await seal(key, idOf(one), one.form.dataset.letter, fields));
  const worker = await navigator.serviceWorker?.getRegistration();
  worker?.sync?.register("letters").catch(() => {});
  if (one.typed === typed && one.waiting) {
    one.kept = true;
    one.say(about.sayKept);
  }
  await (one.waiting ? show() : goOut()); // signed out, but with signal
}

document.addEventListener("unsent", ({ target, detail }) => {
  if (target.dataset.letter && crypto.subtle) sealing.set(idOf(detail), keep(detail).catch(() => {}));
});
document.addEventListener("answered", async ({ target, detail }) => {
  if (!target.dataset.letter) return;
  await sealing.get(idOf(detail));
  await remove(idOf(detail));
  show();
});
document.addEventListener("input", ({ target }) => { // while there is signal
  if (target.form?.dataset.letter) import("./seal.js").catch(() => {});
});
addEventListener("online", goOut);

/** Have what is of today; `anew`: whatever there is. Is there something else than before? */
async function prepare(anew = false) {
  if (!site || (!anew && await isFresh(site, about.whose))) return false;
  const key = await (await fetch(about.key, { headers: { Accept: "application/json" } })).json();
  if (!key) return false;
  await remember(key);
  const worker = await navigator.serviceWorker?.register(about.worker, { scope: "/", type: "module", updateViaCache: "none" });
  worker?.active?.postMessage("anew");
  return true;
}

prepare().catch(() => {}).then(goOut).catch(() => {}); // without a place to keep things: as it was before
