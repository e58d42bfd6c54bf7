// What is typed and not sent yet, as sealed copies in one's own phone, so that it outlives its page. Nothing here opens
// them: their site does, for who typed them. Found again where it was typed, and from the first page.

import { all, change, keyFor } from "./queue.js";

const REST_MS = 700; // after the last key
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const MOST = 20;
const TYPED = "textarea, input[type=text], input[type=number], input:not([type])";

const mine = new Map(); // by what is written at: under which id its copy of this page is kept
const pauses = new Map(); // by forms, whose last key was not long ago
const newId = () => crypto.randomUUID().replace(/-/g, "");
const dropCopy = (id) => change("copies", (there) => there.delete(id));

/** Which one of a page's forms it is, wherever that page was opened. */
const placeOf = (form) => form.dataset.kind ?? form.getAttribute("action");

/** Where it is found again: an empty form that a phone keeps is shown in the place of other pages, too. */
const pageOf = (form) => (form.dataset.kind ? `/offline/${form.dataset.kind}` : location.pathname + location.search);

/** Is it one whose words are kept? Never what opens something, and nothing that is only looked for. */
function counts(form) {
  return form?.method === "post" && !("passing" in form.dataset) && !form.closest("#blank")
    && form.querySelector(TYPED) && !form.querySelector("[type=password], [data-say-show], [autocomplete='one-time-code']");
}

/** Seal what stands in a form now. `key`: of the site that will open it, and of who types. */
async function keepCopy(form, key) {
  clearTimeout(pauses.get(form));
  pauses.delete(form);
  const place = placeOf(form);
  if (!mine.has(place)) mine.set(place, newId());
  const id = mine.get(place);
  const { seal } = await import("./seal.js");
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const { site, sealed } = await seal(key, id, "copy", fields);
  if (mine.get(place) !== id) return; // saved meanwhile
  const at = Date.now();
  await change("copies", (there) => there.put({ id, site, member: key.member, page: pageOf(form), place, sealed, at }));
}

/** Look after what is typed on a page. `keyOf`: the key for a form, or nothing where none is kept. Gives back what keeps
    a form at once: was it kept? */
export function look(keyOf) {
  async function now(form) {
    const key = counts(form) && await keyOf(form);
    if (key) await keepCopy(form, key);
    return Boolean(key);
  }
  function soon(form, wait_ms) {
    clearTimeout(pauses.get(form));
    pauses.set(form, setTimeout(() => now(form).catch(() => {}), wait_ms));
  }
  document.addEventListener("input", ({ target: { form } }) => {
    if (!counts(form)) return;
    import("./seal.js").catch(() => {}); // while there is signal
    soon(form, REST_MS);
  });
  document.addEventListener("visibilitychange", () => { // a page that is not seen may be ended at any moment
    if (document.visibilityState === "hidden") for (const form of pauses.keys()) soon(form, 0);
  });
  return now;
}

/** It is saved: in the notebook, or as a letter. So is what a page asked that has gone on to this one. */
export async function saved(form) {
  clearTimeout(pauses.get(form));
  pauses.delete(form);
  const here = new Set([...document.forms].filter((one) => one !== form).map(placeOf));
  for (const [place, id] of mine) {
    if (here.has(place)) continue;
    mine.delete(place);
    await dropCopy(id);
  }
}

/** All copies of a member's, the last first; what is too old goes. */
async function those(member) {
  const known = (await all("copies")).sort((one, other) => other.at - one.at);
  const old = known.filter(({ at }, number) => number >= MOST || Date.now() - at > KEPT_MS);
  for (const { id } of old) await dropCopy(id);
  return known.filter((one) => one.member === member && !old.includes(one) && ![...mine.values()].includes(one.id));
}

/** Have it opened by its site, for who is signed in here; null where that is not to be had just now. */
async function opened({ site, id, sealed }) {
  const body = new URLSearchParams({ id, sealed: btoa(Array.from(sealed, (byte) => String.fromCharCode(byte)).join("")) });
  const path = site.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  const answer = await fetch(`/sites/${path}/letters/opened`, { method: "POST", body, headers: { Accept: "application/json" } });
  return answer.ok ? (await answer.json()).fields : null;
}

const isTyped = (value) => /[^\da-f-]/.test(value); // no id, and not nothing

/** Put what was typed into a form again; what the form has no place for any more. */
function fill(form, fields) {
  const left = [...fields];
  const take = (name) => {
    const at = left.findIndex(([there]) => there === name);
    return at < 0 ? null : left.splice(at, 1)[0][1];
  };
  const ticked = (one) => {
    const at = left.findIndex(([name, value]) => name === one.name && value === one.value);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  for (const one of form.elements) {
    if (!one.name || ["file", "submit", "button"].includes(one.type)) continue;
    if (["checkbox", "radio"].includes(one.type)) one.checked = ticked(one);
    else one.value = take(one.name) ?? one.value;
    if (one.value && one.type !== "hidden") one.closest("details")?.setAttribute("open", "");
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
  return left.map(([, value]) => value).filter(isTyped);
}

/** A moment not long ago. */
export const asWords = (moment) => new Date(moment)
  .toLocaleString(document.documentElement.lang, { weekday: "long", hour: "numeric", minute: "2-digit" });

/** A box that says that something was typed here before, with a way to have it back. */
function boxOf(copy, pattern, form) {
  const box = pattern.content.firstElementChild.cloneNode(true);
  const [when, cannot, words] = box.querySelectorAll("p:not(.deeds-here), pre");
  const [back, away] = box.querySelectorAll("button");
  when.textContent = when.dataset.say.replace("#", asWords(copy.at));
  back.addEventListener("click", async () => {
    const fields = await opened(copy).catch(() => null);
    cannot.hidden = Boolean(fields);
    if (!fields) return;
    if (form) mine.set(copy.place, copy.id);
    const left = form ? fill(form, fields) : fields.map(([, value]) => value).filter(isTyped);
    words.textContent = left.join("\n");
    words.hidden = !left.length;
    if (left.length) back.remove();
    else box.remove();
  });
  away.addEventListener("click", async () => {
    await dropCopy(copy.id);
    box.remove();
  });
  return box;
}

/** Offer a page what was typed on it before; and, on the first page, say where that is. */
export async function offer(member) {
  const known = await those(member);
  const here = new Set([location.pathname + location.search, ...[...document.forms].map(pageOf)]);
  for (const copy of known.filter(({ page }) => here.has(page))) {
    const form = [...document.forms].find((one) => placeOf(one) === copy.place);
    (form ?? document.querySelector("main h1")).before(boxOf(copy, document.getElementById("typed-before"), form));
  }
  const list = document.getElementById("not-saved");
  if (!list) return;
  list.hidden = !known.length;
  list.querySelector("ul").replaceChildren(...known.map((copy) => {
    const [row, link] = [document.createElement("li"), document.createElement("a")];
    [link.href, link.textContent] = [copy.page, list.dataset.say.replace("#", asWords(copy.at))];
    row.append(link);
    return row;
  }));
}
