// The pages for when there is no signal: what is written there is sealed, kept, and sent as soon as it can be.

import { count, keyFor, put, send } from "./queue.js";

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
  const words = fields.filter(([name, value]) => !["form", "day"].includes(name) && value.trim());
  if (!words.length) return say.sayNothing;
  return kind === "talk" && !words.some(([name]) => name === "name") ? say.sayName : "";
}

let saving = false;
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = [...new FormData(form)];
  const wrong = problem(fields);
  complain(wrong);
  if (wrong || saving) return;
  saving = true;
  try {
    const key = await keyFor(there);
    if (!key) return complain(say.sayNoKey);
    const { seal } = await import("./seal.js");
    await put(await seal(key, id, form.dataset.kind, fields));
    id = crypto.randomUUID().replace(/-/g, "");
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
