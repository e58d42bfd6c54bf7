// A piece as one types: saved by itself, looked at, and measured when the fingers rest. Save does the same by hand.

import { measure, take } from "./page.js";

const PAUSE_MS = 500; // until it is saved
const REST_MS = 1200; // until it is measured, after that
const AGAIN_MS = 10_000; // where there was no signal or no press

const form = document.getElementById("writing");
const status = document.getElementById("status");
const say = form.dataset;

let version = 0; // of what is typed
let saved = 0;
let saving = false;
let stale = false;
let pause;
let rest;

async function save({ keepalive = false } = {}) {
  clearTimeout(pause);
  if (saving || stale || saved === version) return;
  const typed = version;
  saving = true;
  status.textContent = say.saySaving;
  let response = null;
  let parts = {};
  try {
    response = await fetch(form.action, { method: "POST", keepalive, body: new FormData(form), headers: { Accept: "application/json" } });
    parts = await response.json();
  } catch {
    response = null;
  }
  saving = false;
  if (!response || response.status >= 500 || response.status === 403) {
    status.textContent = parts.errors?.[0]?.sentence ?? say.sayNoSignal; // signed out meanwhile: in again elsewhere will do
    pause = setTimeout(save, AGAIN_MS);
    return;
  }
  if (parts.saved) {
    form.elements.version.value = parts.version;
    saved = typed;
    status.textContent = say.saySaved;
    take(parts, say.about);
    clearTimeout(rest);
    rest = setTimeout(look, REST_MS);
  } else if (parts.theirs || parts.stale) {
    stale = true;
    status.textContent = say.sayStale;
  } else {
    status.textContent = parts.errors?.[0]?.sentence ?? say.sayNoSignal;
  }
  if (version !== typed) pause = setTimeout(save, PAUSE_MS);
}

async function look() {
  const typed = version;
  const parts = await measure(say.proofs);
  if (typed !== version) return;
  if (parts) take(parts, say.about);
  else rest = setTimeout(look, AGAIN_MS);
}

// What is agreed is not changed by the way: there somebody has to say what kind of change it is, and press Save.
if (!("asks" in say)) {
  form.addEventListener("input", () => {
    version += 1;
    clearTimeout(pause);
    clearTimeout(rest);
    pause = setTimeout(save, PAUSE_MS);
  });
  document.getElementById("back").addEventListener("click", async (event) => {
    if (saved === version || stale) return;
    event.preventDefault();
    await save();
    if (saved === version) location = event.target.href;
  });
  addEventListener("pagehide", () => save({ keepalive: true }));
}

addEventListener("beforeunload", (event) => {
  if (saved !== version && !sent) event.preventDefault();
});
let sent = false;
form.addEventListener("submit", () => { sent = true; clearTimeout(pause); });
document.getElementById("stale")?.focus();
