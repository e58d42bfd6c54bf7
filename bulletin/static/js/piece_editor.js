// A piece as one types: saved by itself, looked at, and measured when the fingers rest. Save does the same by hand.

import { measure, take } from "./sheet_view.js";
import { tell } from "./unsent.js";

const PAUSE_MS = 500; // until it is saved
const REST_MS = 1200; // until it is measured, after that
const AGAIN_MS = 10_000; // until it is saved again, where there was no signal

const form = document.getElementById("writing");
const status = document.getElementById("status");
const say = form.dataset;
const asks = "asks" in say; // it is agreed: somebody has to say what kind of change it is, and press Save

const given = document.getElementById("stale") ?? document.getElementById("problem"); // a page with words not saved

// On a slow phone one may have typed before this file was there.
const early = [...form.elements].some((one) =>
  one.type === "select-one" ? one.selectedIndex !== Math.max(0, [...one].findIndex((option) => option.defaultSelected))
    : one.type === "radio" || one.type === "checkbox" ? one.checked !== one.defaultChecked
      : "defaultValue" in one && one.value !== one.defaultValue);

let version = given || early ? 1 : 0; // of what is typed
let saved = 0;
let saving = null; // what is on its way
let stale = false;
let wrong = false; // the server says what is to be mended
let unsent = null; // what is known of what could not be sent
let leaving = false;
let pause;
let rest;

const json = { Accept: "application/json" };
const later = (deed, wait_ms) => setTimeout(deed, wait_ms);

function save({ keepalive = false } = {}) {
  clearTimeout(pause);
  if (asks || stale || saved === version || !form.isConnected) return saving; // another page in its place: send.js
  saving ??= send(keepalive).finally(() => { saving = null; });
  return saving;
}

async function send(keepalive) {
  const typed = version;
  status.textContent = say.saySaving;
  let response = null;
  let parts = {};
  wrong = false;
  try {
    response = await fetch(form.action, { method: "POST", keepalive, body: new FormData(form), headers: json });
    parts = await response.json();
  } catch {
    response = null;
  }
  if (!response || response.status >= 500 || response.status === 403) {
    status.textContent = parts.errors?.[0]?.sentence ?? say.sayNoSignal; // signed out: in again elsewhere will do
    unsent = tell(form, "unsent", (words) => { status.textContent = words; });
    unsent.version = typed;
    pause = later(save, AGAIN_MS);
  } else if (parts.saved) {
    form.elements.version.value = parts.version;
    saved = typed;
    status.textContent = say.saySaved;
    take(parts, say.about);
    clearTimeout(rest);
    rest = later(look, REST_MS);
    if (version !== typed) pause = later(save, PAUSE_MS);
    else tell(form, "answered");
  } else {
    stale = Boolean(parts.theirs || parts.stale);
    wrong = !stale;
    status.textContent = stale ? say.sayStale : parts.errors?.[0]?.sentence ?? say.sayNoSignal;
  }
}

async function look() {
  const typed = version;
  const [parts, again_ms] = await measure(say.proofs);
  if (typed !== version) return;
  if (parts) take(parts, say.about);
  else rest = later(look, again_ms);
}

/** What was typed last may have been saved while this page was already on its way: then it is older than that. */
async function freshen() {
  try {
    const now = await (await fetch(form.action, { headers: json })).json();
    if (version || String(now.version) === form.elements.version.value) return;
    for (const name in now.fields) if (form.elements[name]) form.elements[name].value = now.fields[name];
    form.elements.version.value = now.version;
  } catch {
    // No signal: what was typed here is compared when it is saved.
  }
}

function soon() {
  if (asks) return;
  clearTimeout(pause);
  clearTimeout(rest);
  pause = later(save, PAUSE_MS);
}

form.addEventListener("input", () => {
  version += 1;
  soon();
});

/** Go on once it is saved; or to the page that shows what is wrong, or both texts where somebody else was first. */
async function finish(to) {
  while (saved !== version && !stale) {
    const before = version;
    await save();
    if (saved !== version && version === before) break;
  }
  if (saved !== version && !stale && !wrong) return;
  leaving = true;
  if (stale || wrong) later(() => form.requestSubmit(), 0); // to what says it beside its field; not while it is being sent
  else location = to;
}

const back = document.getElementById("back");
back.addEventListener("click", (event) => {
  if (asks || saved === version) return;
  event.preventDefault();
  finish(back.href);
});
form.addEventListener("submit", (event) => {
  leaving ||= asks;
  if (leaving) return; // by send.js, as any form
  event.preventDefault();
  finish(back.href);
});

addEventListener("pagehide", () => save({ keepalive: true }));
addEventListener("beforeunload", (event) => {
  const waits = unsent?.kept && unsent.version === version;
  if (saved !== version && !waits && !leaving && form.isConnected) event.preventDefault();
});
given?.focus();
if (early && !given) soon();
if (!version) later(freshen, REST_MS);
