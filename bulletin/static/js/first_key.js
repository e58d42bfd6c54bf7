// The answers to a kind's questions, kept as one types them: the paper exists from the first key. Begin leads to it.

import { tell } from "./unsent.js";

const PAUSE_MS = 700; // until it is saved
const AGAIN_MS = 10_000; // where there was no signal

const form = document.getElementById("asking");
const status = document.getElementById("kept");
const { drafts, papers, sayNoSignal, saySaved } = form.dataset;

let typed = 0;
let kept = 0;
let version = 0; // what the server counts
let lost = false; // somebody writes at it elsewhere, or it cannot be kept: then Begin says so, as without this script
let begun = false; // by send.js, which sees to what is typed from there on
let leads = false; // Begin was pressed: on to the paper as soon as all is kept
let saving = null;
let pause;

function save(keepalive = false) {
  clearTimeout(pause);
  if (typed === kept || lost || begun || !form.isConnected) return saving;
  saving ??= send(keepalive).finally(() => { saving = null; });
  return saving;
}

async function send(keepalive) {
  const [now, body] = [typed, new URLSearchParams(new FormData(form))];
  body.set("version", version);
  try {
    const response = await fetch(drafts, { method: "POST", keepalive, body, headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (response.ok) {
      [kept, version, status.textContent] = [now, answer.version, saySaved];
      if (typed !== now) {
        pause = setTimeout(save, PAUSE_MS);
        return;
      }
      await Promise.all(tell(form, "answered").until);
      if (leads) location.assign(paper());
      return;
    }
    lost = response.status === 409;
    status.textContent = answer.sentence || answer.errors?.[0]?.sentence || (lost ? "" : sayNoSignal);
  } catch {
    status.textContent = sayNoSignal;
  }
  if (!lost) pause = setTimeout(save, AGAIN_MS);
  else if (leads) form.requestSubmit();
}

form.addEventListener("input", () => {
  typed += 1;
  begun = false;
  clearTimeout(pause);
  pause = setTimeout(save, typed === 1 ? 0 : PAUSE_MS);
});

const paper = () => `${papers}/${form.elements.form_id.value.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")}`;

form.addEventListener("submit", (event) => {
  begun = !version || lost;
  if (begun) return; // as any form
  event.preventDefault();
  leads = true;
  if (typed === kept) location.assign(paper());
  else save();
});
addEventListener("online", () => save());

addEventListener("pagehide", () => save(true));
addEventListener("beforeunload", (event) => {
  if (typed !== kept && !begun && form.isConnected) event.preventDefault();
});
