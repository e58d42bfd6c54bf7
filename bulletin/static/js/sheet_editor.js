// The page as one types. All it does can also be done with the buttons alone, without this file.

import { again, answered } from "./again.js";

const PAUSE_MS = 350; // until a look at what was typed
const REST_MS = 1500; // until it is measured

const by = (id) => document.getElementById(id);
const form = by("writing");
const text = form.elements.manuscript;
const file = form.elements.file;
const frame = by("sheet");
const result = by("result");
const say = form.dataset;
const title = document.title.slice(document.title.startsWith(say.sayError) ? say.sayError.length : 0);

let looking; // what the last look can be called off with
let pause;
let rest;
let version = 0; // of what is in the form
let known; // the version that the press has answered for: nothing needs to be looked at or measured until the next
let deeds = 0; // asked for by hand, and not yet answered
let measuring = false;
let tooLong = []; // what the press said last: a look does not know it
let tooBig = []; // what this page said of a file that was not taken: no answer knows it
let unsaved = false;

const tell = (words) => { by("status").textContent = words; };
/** There is an answer: nothing else that the page says is taken back. */
const hasSignal = () => { if (by("status").textContent === say.sayNoSignal) tell(""); };

/** Send the form; gives [response, parts of the page or a file], or null where there is no answer. */
async function ask(url, { more = {}, signal } = {}) {
  const body = new FormData(form);
  for (const name in more) body.set(name, more[name]);
  try {
    const response = await fetch(url, {
      method: "POST", body, signal,
      headers: { Accept: "application/pdf, application/json" },
    });
    const json = response.headers.get("Content-Type").includes("json");
    if (!json && !response.ok) return null;
    return [response, json ? await response.json() : await response.blob()];
  } catch {
    return null;
  }
}

/** Put a sheet into the frame; only its words where its style is the same, so that nothing flickers. */
function show(parts) {
  const late = !parts.sheet;
  result.classList.toggle("late", late);
  by("fit").textContent = late ? say.sayLate : parts.fit;
  if (late) return;
  const next = new DOMParser().parseFromString(parts.sheet, "text/html");
  const page = frame.contentDocument;
  const links = (one) => [...one.querySelectorAll("link")].map((link) => link.outerHTML).join();
  if (page?.body && links(page) === links(next)) {
    page.documentElement.lang = next.documentElement.lang;
    page.documentElement.className = next.documentElement.className;
    page.body.replaceWith(page.adoptNode(next.body));
  } else {
    frame.srcdoc = parts.sheet;
  }
  frame.className = `sheet ${parts.shape}`;
  by("duplex").hidden = !parts.shape.endsWith("2");
  result.hidden = false;
  text.lang = parts.language;
}

/** Say beside each field what is wrong with it; gives the first place where something is. */
function complain(errors) {
  by("problem")?.remove();
  let first;
  for (const name of ["manuscript", "file", "paper"]) {
    const place = by(`${name}-error`);
    const [sentence, link, quote] = place.children;
    const error = errors.find((one) => one.field === name);
    place.hidden = !error;
    place.closest(".field").classList.toggle("wrong", Boolean(error));
    sentence.textContent = error?.sentence ?? "";
    quote.hidden = link.hidden = !error?.line;
    link.dataset.line = error?.line ?? "";
    quote.textContent = error?.line ? text.value.split("\n")[error.line - 1].trim().slice(0, 80) : "";
    if (error) first ??= place;
  }
  if (first) text.setAttribute("aria-invalid", !by("manuscript-error").hidden);
  else text.removeAttribute("aria-invalid");
  document.title = (first ? say.sayError : "") + title;
  return first;
}

/** Take in an answer; gives the first place where something is wrong. */
function take(parts) {
  if (parts.manuscript != null) {
    text.value = parts.manuscript;
    file.value = "";
    changed();
  }
  if (parts.earlier) {
    by("before").value = parts.earlier;
    by("earlier").hidden = false;
  }
  if (parts.measured) tooLong = parts.errors;
  const wrong = complain([...(parts.errors.length || !parts.sheet ? parts.errors : tooLong), ...tooBig]);
  if (!("sheet" in parts)) return tell(parts.errors[0].sentence); // not our page's answer, but that of an error
  form.elements.setting.value = parts.setting ?? "";
  for (const advice of document.querySelectorAll(".advice")) {
    advice.textContent = parts.advice;
    advice.hidden = !parts.advice;
  }
  show(parts);
  return wrong;
}

/** Look at what was typed, at once: it may be larger or smaller when it is measured. */
async function look() {
  clearTimeout(pause);
  if (known === version || (!text.value.trim() && !file.value)) return;
  looking?.abort();
  const { signal } = looking = new AbortController();
  const answer = await ask(say.previews, { signal });
  if (signal.aborted) return;
  if (!answer) return deeds || tell(say.sayNoSignal);
  hasSignal();
  take(answer[1]);
}

/** Measure it on the press, quietly, one at a time, until there is an answer; one about an older text is dropped. */
async function measure() {
  clearTimeout(rest);
  if (known === version || !text.value.trim()) return;
  if (measuring || deeds) return later(REST_MS);
  const asked = version;
  measuring = true;
  const answer = await ask(by("look").formAction, { more: { patience: "none" } });
  measuring = false;
  if (asked !== version) return; // another is due since then
  if (deeds) return later(REST_MS);
  if (!heard(answer)) return;
  known = version;
  looking?.abort();
  hasSignal();
  take(answer[1]);
}

/** Was it answered? Else it is measured later, without anybody asking. */
function heard(answer) {
  const refused = !answer || answer[0].status >= 500;
  if (refused) later(again(answer?.[0]));
  else answered();
  return !refused;
}

function later(wait_ms) {
  clearTimeout(rest);
  rest = setTimeout(measure, wait_ms);
}

/** Something is different: look at it soon, measure it later. */
function changed() {
  version += 1;
  unsaved = true;
  by("message").hidden = true;
  by("tell").hidden = false;
  if (!deeds) tell("");
  by("offer").hidden = /^\s*[-–—]{1,4}[ \t]*(\n|$)/.test(text.value);
  clearTimeout(pause);
  pause = setTimeout(look, PAUSE_MS);
  later(REST_MS);
}

/** Do what a button asks for; gives the answer's parts where all is well, else goes to what is wrong. */
async function deed(button, url = button.formAction) {
  if (button.hasAttribute("aria-disabled")) return;
  const asked = version;
  tooBig = []; // whoever goes on has read it
  const more = button.name ? { [button.name]: button.value } : {};
  deeds += 1;
  button.setAttribute("aria-disabled", "true"); // not disabled: that would take the focus away
  tell(say.sayWorking);
  const answer = await ask(url, { more });
  button.removeAttribute("aria-disabled");
  deeds -= 1;
  tell(answer ? "" : say.sayNoSignal);
  const refused = asked === version && !heard(answer);
  if (!answer) return;
  const [response, parts] = answer;
  if (parts instanceof Blob) {
    complain(tooLong = []);
    return { file: parts, name: /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition"))[1] };
  }
  looking?.abort();
  // A deed may show the page without measuring it: then that is still to be done.
  if (asked === version && !refused && (parts.measured || !response.ok)) known = version;
  const wrong = take(parts);
  if (parts.news) tell(parts.news);
  if (!wrong) return response.ok ? parts : null;
  wrong.focus({ preventScroll: true });
  // The box with its message, and with what may be done about it.
  const end = wrong.id === "manuscript-error" && !by("offer").hidden ? by("offer") : wrong.closest(".field");
  end.scrollIntoView({ block: "end" });
}

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some phones read it late
  tell(`${say.sayDone}${name}`);
}

const DEEDS = {
  async look(button) {
    if (!await deed(button)) return;
    by("result").scrollIntoView();
    result.firstElementChild.focus({ preventScroll: true });
  },
  async get(button) {
    const got = await deed(button, form.action);
    if (!got?.file) return;
    save(got.file, got.name);
    const advice = document.querySelector(".advice").textContent;
    if (advice) tell(`${by("status").textContent}. ${advice}`);
  },
  save() {
    save(new Blob([text.value], { type: "text/plain" }), "text.txt");
    unsaved = false;
  },
  async tell(button) {
    const got = await deed(button);
    if (!got) return;
    by("plain").value = got.plain;
    by("message").hidden = false;
    button.hidden = true;
    by("copy").hidden = !navigator.clipboard;
    by("plain").focus();
  },
  async begin(button) {
    if (await deed(button)) jump(button.value === "example" ? text.value.trimEnd().split("\n").length : 3);
  },
};

/** Select a line of the text and bring it into view. */
function jump(line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1);
  // A twin that holds only what comes before is as high as the way down to the line.
  const twin = text.cloneNode();
  twin.removeAttribute("id");
  twin.rows = 1;
  twin.value = text.value.slice(0, start);
  twin.style.blockSize = twin.style.minBlockSize = "0";
  text.after(twin);
  const down = twin.scrollHeight;
  twin.remove();
  text.focus();
  text.setSelectionRange(start, start + lines[line - 1].length);
  text.scrollTop = down - text.clientHeight / 2;
}

text.addEventListener("input", changed);
if (!result.hidden) later(REST_MS);

form.addEventListener("change", (event) => {
  if (event.target === file) tooBig = [];
  if (event.target === file && file.files[0]?.size > Number(say.fileMax)) {
    file.value = "";
    complain(tooBig = [{ field: "file", sentence: say.sayTooBig }]);
  } else if (event.target !== text) {
    version += 1;
    look();
    later(REST_MS);
  }
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter ?? by("get");
  DEEDS[button.name || button.id](button);
});

by("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(by("plain").value);
  tell(say.sayCopied);
});

document.addEventListener("click", (event) => {
  const line = Number(event.target.closest("a[data-line]")?.dataset.line);
  if (!line) return;
  event.preventDefault();
  jump(line);
});

addEventListener("beforeunload", (event) => {
  if (unsaved) event.returnValue = true;
  if (unsaved) event.preventDefault();
});
