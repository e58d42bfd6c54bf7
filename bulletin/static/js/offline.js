// The pages for when there is no signal: what is written there is sealed, kept, and sent as soon as it can be.

import { asWords, look, offer, saved } from "./copies.js";
import { count, keyFor, keys, put, send, use } from "./queue.js";

const say = document.getElementById("offline").dataset;
const by = (id) => document.getElementById(id);
const form = document.querySelector("form[data-kind]");
const there = /^\/sites\/([0-9a-f-]{36})\//.exec(location.pathname)?.[1].replace(/-/g, ""); // where it was opened

async function show(refused = false) {
  const left = await count();
  by("in-phone").hidden = !left;
  by("in-phone").textContent = `${say.sayWaiting.replace("#", left)}. ${refused ? say.sayRefused : ""}`;
}

async function goOut() {
  const { refused } = await send();
  await show(refused);
}

function complain(words) {
  by("problem").textContent = words;
  if (words) by("problem").focus();
}

let id = crypto.randomUUID?.().replace(/-/g, "");

/** What is wrong with what was typed; nothing where nothing is. */
function problem(fields) {
  const kind = form.dataset.kind;
  const words = fields.filter(([name, value]) => !["form", "day", "group"].includes(name) && value.trim());
  if (!words.length) return say.sayNothing;
  return kind === "talk" && !words.some(([name]) => name === "name") ? say.sayName : "";
}

/** Of several groups, for which one is it? By the names that their screens have; ticked is the last. */
async function askWhich() {
  const known = await keys();
  const asking = by("which");
  if (!asking || known.length < 2) return;
  const pattern = asking.querySelector("template").content.firstElementChild;
  const chosen = known.find(({ site }) => site === there) ?? known[0];
  const alike = (name) => known.filter((one) => one.name === name).length > 1;
  asking.querySelector(".choices").replaceChildren(...known.map(({ site, name, used, at }) => {
    const row = pattern.cloneNode(true);
    const [tick, label] = [row.querySelector("input"), row.querySelector("label")];
    [tick.value, tick.id, label.htmlFor, label.textContent] = [site, `for-${site}`, `for-${site}`, name];
    if (alike(name)) label.textContent = say.sayAlike.replace("#", name).replace("#", asWords(used ?? at));
    tick.defaultChecked = site === chosen.site;
    return row;
  }));
  asking.hidden = false;
}

const chosenKey = () => keyFor(form.elements.group?.value || there);

let saving = false;
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = [...new FormData(form)].filter(([name]) => name !== "group");
  const wrong = problem(fields);
  complain(wrong);
  if (wrong || saving) return;
  saving = true;
  try {
    const key = await chosenKey();
    if (!key) return complain(say.sayNoKey);
    const { seal } = await import("./seal.js");
    await put(await seal(key, id, form.dataset.kind, fields));
    await saved(form);
    await use(key.site);
    id = crypto.randomUUID().replace(/-/g, "");
    for (const one of form.querySelectorAll("[name=group]")) one.defaultChecked = one.checked;
    form.reset();
    by("kept").hidden = false;
    by("kept").focus();
    await show();
  } catch {
    return complain(say.sayBroken);
  } finally {
    saving = false;
  }
  const worker = await navigator.serviceWorker?.getRegistration();
  worker?.sync?.register("letters").catch(() => {});
  goOut();
});
form?.addEventListener("input", () => { by("kept").hidden = true; });
addEventListener("beforeunload", (event) => {
  if (form && !problem([...new FormData(form)])) event.preventDefault(); // not saved yet
});
addEventListener("online", goOut);
show().then(goOut);
if (form) {
  look(chosenKey);
  askWhich().then(async () => offer((await chosenKey())?.member)).catch(() => {});
}
