// One's own phone: it keeps what is needed to write without signal, and sends what waits. What send.js could not send
// is sealed at once, so that it survives the page; form and letter have one id, and whichever comes through counts.

import { look, offer, saved } from "./copies.js";
import { count, hold, isFresh, keyFor, letGo, put, remember, remove, send, use } from "./queue.js";

const about = document.getElementById("sends").dataset;
const own = "worker" in about; // else it is somebody's who is not signed in, or a shared one, which keeps nothing
const waiting = document.getElementById("in-phone");
const site = about.key?.split("/")[2].replace(/-/g, "");
const ids = new WeakMap(); // of forms that were given none, because what they say twice changes nothing
const sealing = new Map(); // ids of forms: until each is sealed
const PAUSE_MS = 1000; // after the last key

function idOf(form) {
  const given = form.elements.form_id?.value;
  if (!given && !ids.has(form)) ids.set(form, crypto.randomUUID().replace(/-/g, ""));
  return given ?? ids.get(form);
}

/** What seals for the site of a form; nothing for one of no site, of nobody, or of who was signed in here before. */
async function keyOf(form) {
  const at = /^\/sites\/([0-9a-f-]{36})(\/|$)/.exec(new URL(form.action).pathname)?.[1];
  const key = at && await keyFor(at.replace(/-/g, ""));
  return key?.member === about.whose ? key : null;
}

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
  const key = await keyOf(form);
  if (!key) throw new Error();
  const fields = [...body].filter(([name]) => name !== "form_id");
  if (form.dataset.about) fields.push(["about", form.dataset.about]);
  await put(await seal(key, idOf(form), form.dataset.letter, fields));
  await saved(form);
}

async function keep(one) {
  const [{ typed }, id] = [one, idOf(one.form)];
  hold(id);
  await sealed(one.form, one.body);
  const worker = await navigator.serviceWorker?.getRegistration();
  worker?.sync?.register("letters").catch(() => {});
  if (one.typed === typed && one.waiting) {
    one.kept = true;
    one.say(about.sayKept);
  }
  if (one.waiting) return show();
  letGo(id); // signed out, but with signal: this page does not send it again by itself
  await goOut();
}

const copied = own && look(keyOf);

/** What no letter can say is found again where it was typed. */
async function copy(one) {
  if (!await copied(one.form) || !one.waiting) return;
  one.kept = true;
  one.say(about.sayCopied, true);
}

document.addEventListener("unsent", ({ target, detail }) => {
  if (!own || !crypto.subtle) return;
  if (target.dataset.letter) sealing.set(idOf(target), keep(detail).catch(() => {}));
  else copy(detail).catch(() => {});
});

async function answered(form, stays) {
  if (!stays) await saved(form);
  if (!form.dataset.letter) return;
  const id = idOf(form);
  await sealing.get(id);
  await remove(id);
  sealing.delete(id);
  letGo(id);
  await show();
}

const again = new Set(); // what forms that are shown again are sent to

document.addEventListener("answered", ({ target, detail }) => {
  if (!own) return;
  if (detail.stays) again.add(target.getAttribute("action"));
  detail.until?.push(answered(target, detail.stays).catch(() => {}));
});
addEventListener("shown", () => {
  for (const form of document.forms) if (again.delete(form.getAttribute("action"))) copied(form).catch(() => {});
});
let pause;
document.addEventListener("input", ({ target: { form } }) => {
  if (!own || !form?.dataset.letter) return;
  import("./seal.js").catch(() => {}); // while there is signal
  const id = idOf(form);
  if (!sealing.has(id)) return;
  clearTimeout(pause); // what waits is what stands there
  pause = setTimeout(() => sealing.has(id) && sealing.set(id, sealed(form, new FormData(form)).catch(() => {})), PAUSE_MS);
});

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

if (own) {
  addEventListener("online", goOut);
  offer(about.whose).catch(() => {});
  prepare().catch(() => {}).then(() => use(site)).then(goOut).catch(() => {}); // without a place to keep things: as it was before
}
