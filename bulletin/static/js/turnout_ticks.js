// A list that is ticked at the gate: each tap is saved by itself, and a name is found as one types. Save does it by hand.

import { tell } from "./unsent.js";

const PAUSE_MS = 400; // taps that are sent together
const AGAIN_MS = 8000; // where there was no signal

const form = document.getElementById("ticks");

if (form) {
  const { sayFilter, saySaving, saySaved, sayNoSignal, sayNobody } = form.dataset;
  const status = document.getElementById("status");
  const counts = document.getElementById("counts");
  const boxes = [...form.elements.now.length ? form.elements.now : [form.elements.now]];
  const was = form.elements.was;
  const saved = new Set(was.value.split(" ").filter(Boolean)); // what the server has, as far as this page knows
  let sending = null;
  let failed = null; // what is known of what was not sent
  let pause;

  const changed = () => boxes.filter((box) => box.checked !== saved.has(box.value));

  function save({ keepalive = false } = {}) {
    clearTimeout(pause);
    sending ??= send(changed(), keepalive).finally(() => { sending = null; });
    return sending;
  }

  async function send(some, keepalive) {
    if (!some.length) return;
    const now = some.filter((box) => box.checked).map((box) => box.value);
    const before = some.map((box) => box.value).filter((id) => !now.includes(id));
    const body = new URLSearchParams({ tick: form.elements.tick.value, was: before.join(" "), now: now.join(" ") });
    status.textContent = saySaving;
    let said = sayNoSignal;
    try {
      const answer = await fetch(form.action, { method: "POST", body, keepalive, headers: { Accept: "application/json" } });
      const told = await answer.json();
      said = told.errors?.[0]?.sentence ?? sayNoSignal;
      if (told.saved) {
        for (const id of now) saved.add(id);
        for (const id of before) saved.delete(id);
        was.value = [...saved].join(" "); // Save by hand must not undo what others tick meanwhile
        counts.textContent = told.counts;
        status.textContent = saySaved;
        failed = null;
        if (!changed().length) tell(form, "answered");
        if (changed().length) pause = setTimeout(save, PAUSE_MS);
        return;
      }
    } catch {
      // No answer, or none of ours: the ticks stay, and are sent again.
    }
    status.textContent = said;
    failed = tell(form, "unsent", (words) => { status.textContent = words; });
    pause = setTimeout(save, AGAIN_MS);
  }

  form.addEventListener("change", () => {
    clearTimeout(pause);
    pause = setTimeout(save, PAUSE_MS);
  });
  addEventListener("online", () => save());
  addEventListener("pagehide", () => save({ keepalive: true }));
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; clearTimeout(pause); });
  addEventListener("beforeunload", (event) => {
    if (failed && !failed.kept && changed().length && !leaving) event.preventDefault();
  });

  // What was tapped before this file had come.
  if (changed().length) pause = setTimeout(save, PAUSE_MS);

  // A name among three hundred. It stays on the page: nothing that is typed here is sent.
  const key = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = boxes.map((box) => [box.closest("li"), key(box.closest("li").textContent)]);
  const field = Object.assign(document.createElement("div"), { className: "field" });
  const label = Object.assign(document.createElement("label"), { htmlFor: "filter", textContent: sayFilter });
  const input = Object.assign(document.createElement("input"), { id: "filter", type: "text", autocomplete: "off", spellcheck: false });
  const nobody = Object.assign(document.createElement("p"), { className: "hint", textContent: sayNobody, hidden: true });
  nobody.setAttribute("role", "status");
  input.addEventListener("input", () => {
    const words = key(input.value).split(/\s+/);
    let seen = 0;
    for (const [row, text] of rows) seen += !(row.hidden = !words.every((word) => text.includes(word)));
    nobody.hidden = seen > 0;
  });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  field.append(label, input, nobody);
  if (boxes.length > 7) form.prepend(field);
}
