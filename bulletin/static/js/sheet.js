// The page as one types. All it does can also be done with the buttons alone, without this file.

const PAUSE_MS = 350;

const by = (id) => document.getElementById(id);
const form = by("writing");
const text = form.elements.manuscript;
const file = form.elements.file;
const frame = by("sheet");
const result = by("result");
const say = form.dataset;

let latest; // what the last question can be called off with
let pause;
let unsaved = false;

const tell = (words) => { by("status").textContent = words; };

/** Send the form; gives [response, parts of the page], or null where a later question overtook it. */
async function ask(url) {
  latest?.abort();
  const { signal } = latest = new AbortController();
  try {
    const response = await fetch(url, {
      method: "POST", body: new FormData(form), signal,
      headers: { Accept: "application/pdf, application/json" },
    });
    const json = response.headers.get("Content-Type").includes("json");
    const parts = json ? await response.json() : await response.blob();
    return signal.aborted ? null : [response, parts];
  } catch (error) {
    if (!signal.aborted) tell(say.sayNoSignal);
    return null;
  }
}

/** Put a sheet into the frame; only its words where its style is the same, so that nothing flickers. */
function show(parts) {
  const late = !parts.sheet;
  result.classList.toggle("late", late);
  if (late) return;
  const next = new DOMParser().parseFromString(parts.sheet, "text/html");
  const page = frame.contentDocument;
  const style = (one) => one.documentElement.className + one.head.innerHTML;
  if (page?.head && style(page) === style(next)) {
    page.documentElement.lang = next.documentElement.lang;
    page.body.replaceWith(page.adoptNode(next.body));
  } else {
    frame.srcdoc = parts.sheet;
  }
  frame.className = `sheet ${parts.shape}`;
  result.hidden = false;
  text.lang = parts.language;
}

/** Say beside each field what is wrong with it; gives the first place where something is. */
function complain(errors) {
  by("problem")?.remove();
  document.title = document.title.replace(/^.*: /, "");
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
  tell(errors.find((one) => !one.field)?.sentence ?? "");
  return first;
}

async function preview() {
  clearTimeout(pause);
  if (!text.value.trim() && !file.value) return;
  const answer = await ask(by("look").formAction);
  if (!answer) return;
  const [, parts] = answer;
  if (parts.manuscript != null) {
    text.value = parts.manuscript;
    file.value = "";
    unsaved = true;
  }
  if (parts.earlier) {
    by("before").value = parts.earlier;
    by("earlier").hidden = false;
  }
  const wrong = complain(parts.errors);
  show(parts);
  return wrong;
}

async function getPdf() {
  const button = by("get");
  if (button.hasAttribute("aria-disabled")) return;
  clearTimeout(pause);
  button.setAttribute("aria-disabled", "true"); // not disabled: that would take the focus away
  tell(say.sayWorking);
  const answer = await ask(form.action);
  button.removeAttribute("aria-disabled");
  if (!answer) return;
  const [response, parts] = answer;
  if (!(parts instanceof Blob)) {
    const wrong = complain(parts.errors);
    show(parts);
    wrong?.focus();
    return;
  }
  complain([]);
  const name = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition"))[1];
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(parts), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some phones read it late
  tell(say.sayDone + name);
}

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

text.addEventListener("input", () => {
  unsaved = true;
  clearTimeout(pause);
  pause = setTimeout(preview, PAUSE_MS);
});

form.addEventListener("change", (event) => {
  if (event.target === file && file.files[0]?.size > Number(say.fileMax)) {
    file.value = "";
    complain([{ field: "file", sentence: say.sayTooBig }]);
  } else if (event.target !== text) {
    preview();
  }
});

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (button?.id === "look") {
    event.preventDefault();
    const wrong = await preview();
    (wrong ?? result).scrollIntoView();
  } else if (!button || button.id === "get") {
    event.preventDefault();
    getPdf();
  } else {
    unsaved = false; // goes along with the form
  }
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
