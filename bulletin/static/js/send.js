// Every form, also one that is a button alone, is sent by this script, and the page stays until an answer is there: a dead
// spot takes nothing. What is not answered is sent again; ids and versions in the form make that safe. Nothing is stored
// here; phone.js seals what some forms say, when it hears that they were not answered ("unsent").

import { again, answered } from "./again.js";
import { give, shares } from "./give.js";

const WAIT_MS = 90_000; // for an answer; then it is asked anew
const WAIT_FOR_FILE_MS = 900_000; // 26 MB over a slow line, there or back
const REST_MS = 4_000; // a next page is there by then, or it was a file, or somebody has come back to this one
const TIDY_MS = 1000; // what is kept of a form goes with it, if that is soon
const BUSY = [502, 503, 504];
const TYPED = "textarea, select, input:not([type=hidden], [type=submit], [type=button])";

const main = document.querySelector("main");
const says = document.getElementById("sends").dataset;
const { saySending, sayChanged, sayMore } = says;

const rest = (ms) => new Promise((go_on) => { setTimeout(go_on, ms); });

/** When the page is seen: at once, or once it is hidden no more. */
const seen = () => new Promise((go_on) => {
  if (!main.hidden) return go_on();
  const look = new MutationObserver(() => {
    if (main.hidden) return;
    look.disconnect();
    go_on();
  });
  look.observe(main, { attributes: true });
});

// One form, from the first press of its button until it is answered.

class Sending {
  constructor(form, button) {
    [this.form, this.button] = [form, button];
    this.waiting = this.stopped = null; // until it is sent again; what stops what is on its way
    const typed = form.querySelector(TYPED); // else no words are lost, but it is not done yet
    this.noSignal = typed ? says.sayNoSignal : says.sayNotDone;
    this.kept = false; // what was sent last waits in the phone, too
    form.addEventListener("input", () => { this.kept = false; });
    this.busy = typed ? says.sayBusy : says.sayBusyNotDone;
    this.status = document.createElement("p");
    this.status.className = "sending";
    this.status.setAttribute("role", "status");
    (button ?? form.lastElementChild).after(this.status);
  }

  /** `more`: after what it says already. */
  say(words, more = false) {
    this.status.textContent = more ? `${this.status.textContent} ${words}` : words;
  }

  /** Send what is typed now. What is on its way already is let go: the server compares the two. */
  async send(button = this.button) {
    this.stop();
    this.button = button;
    const big = [...this.form.querySelectorAll("[data-file-max]")].find((one) => one.files[0]?.size > one.dataset.fileMax);
    if (big) return this.say(big.dataset.sayTooBig); // it would take what is typed along
    const body = this.body = sent(this.form, button);
    const file = [...body.values()].some((one) => one instanceof File && one.size);
    this.typed = typed(body);
    this.say(saySending);
    const stopped = this.stopped = new AbortController();
    let late = setTimeout(() => stopped.abort(), file ? WAIT_FOR_FILE_MS : WAIT_MS);
    let response = null;
    let content = null;
    try {
      response = await fetch(button?.getAttribute("formaction") ?? this.form.getAttribute("action"), {
        method: "POST",
        body: this.form.enctype === "multipart/form-data" ? body : new URLSearchParams(body),
        headers: { Accept: "text/html, */*;q=0.5", "X-Sent-By": "script" },
        signal: stopped.signal,
      });
      clearTimeout(late);
      late = setTimeout(() => stopped.abort(), WAIT_FOR_FILE_MS);
      content = await response.blob(); // all of it: a signal may go halfway
    } catch {
      response = null;
    }
    clearTimeout(late);
    if (this.stopped !== stopped) return; // sent anew meanwhile
    this.stopped = null;
    if (!response || BUSY.includes(response.status)) this.wait(response);
    else await this.take(response, content);
  }

  /** Nothing was done, as far as anybody knows: the same again, unless somebody types on. */
  wait(response) {
    this.say(response ? this.busy : this.noSignal);
    this.tell("unsent");
    this.waiting = setTimeout(() => this.onceMore(), again(response));
  }

  async onceMore() {
    if (!this.waiting) return;
    this.stop();
    await seen();
    if (typed(sent(this.form, this.button)) === this.typed) this.send();
    else this.say(sayChanged);
  }

  /** Others listen: with the same id in it, it may go another way. */
  tell(what) {
    this.form.dispatchEvent(new CustomEvent(what, { bubbles: true, detail: this }));
  }

  async take(response, content) {
    answered();
    this.stays = !response.headers.has("Location"); // and shows what is to be mended, or asked
    this.until = [];
    this.tell(response.status === 403 ? "unsent" : "answered"); // signed out meanwhile
    await Promise.race([Promise.all(this.until), rest(TIDY_MS)]); // the page may be gone after this
    if (response.headers.has("X-Hidden") && document.querySelector("#blank form")) { // nothing was done yet
      dispatchEvent(new Event("asked"));
      await seen();
      return this.send();
    }
    await seen();
    const more = typed(sent(this.form, this.button)) !== this.typed;
    const to = response.headers.get("Location");
    if (more && (to || response.ok)) return this.say(sayMore); // typed while it was on its way
    sendings.delete(this.form);
    if (to) {
      setTimeout(() => this.status.remove(), REST_MS);
      return go(to);
    }
    if (content.type.startsWith("text/html")) show(await content.text(), response.ok);
    else give(file(content, response), shares && "shares" in this.form.dataset);
    for (const secret of this.form.querySelectorAll("input[type=password]")) secret.value = ""; // where the page stays
    this.status.remove();
  }

  stop() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.stopped?.abort();
    this.stopped = null;
  }
}

/** All that the form sends, with the button that was pressed. */
function sent(form, button) {
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  return body;
}

/** The same as one text, to see whether somebody has typed on. */
function typed(body) {
  return JSON.stringify([...body].map(([name, one]) => [name, one instanceof File ? [one.name, one.size] : one]));
}

const sendings = new Map(); // by their forms, until they are answered

document.addEventListener("submit", (event) => { // before accounts.js, which listens around it
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  event.preventDefault();
  const known = sendings.get(form);
  if (known?.stopped && known.typed === typed(sent(form, event.submitter))) return; // a second tap
  if (!known) sendings.set(form, new Sending(form, event.submitter));
  sendings.get(form).send(event.submitter);
});
addEventListener("online", () => sendings.forEach((one) => one.onceMore()));
addEventListener("beforeunload", (event) => {
  if ([...sendings.values()].some((one) => !one.kept)) event.preventDefault(); // what was sent has not been answered
});

// What the answer was: another page, one to be shown here, or a file.

function go(to) {
  const there = new URL(to, location);
  sendings.clear();
  if (there.hash && there.pathname + there.search === location.pathname + location.search) {
    history.replaceState(null, "", there); // only its place would be sought in the page as it was
    location.reload();
  } else {
    location.assign(there);
  }
}

const steps = [now()]; // pages that were shown here one after the other: Back goes through them
let times = 0;

function now() {
  return { parts: [...main.childNodes], title: document.title, room: document.body.className };
}

function put({ parts, title, room }) {
  main.replaceChildren(...parts);
  document.title = title;
  document.body.className = room;
}

/** The page that came, in the place of this one. One that went on, and has nothing to be mended, is a step of its own. */
function show(html, on) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const shown = page.querySelector("main");
  if (on) {
    steps[steps.length - 1] = now();
    history.pushState({ step: steps.length }, "");
  } else {
    steps.pop();
  }
  for (const one of page.querySelectorAll("link[rel=stylesheet]")) {
    if (!document.querySelector(`link[href="${one.getAttribute("href")}"]`)) document.head.append(one);
  }
  const chosen = [...main.querySelectorAll("input[type=file]")].filter((one) => one.files.length);
  put({ parts: [...shown.childNodes], title: page.title, room: page.body.className });
  if (!on) for (const one of chosen) keepFile(one);
  steps.push(now());
  times += 1;
  for (const one of page.head.querySelectorAll("script:not([data-stays])")) { // with a mark, so that it runs once more
    const script = document.createElement("script");
    [script.type, script.src] = ["module", `${one.getAttribute("src")}#${times}`];
    document.head.append(script);
  }
  dispatchEvent(new Event("shown"));
  scrollTo(0, 0);
  const problem = main.querySelector("[role=alert][tabindex='-1']");
  const heading = main.querySelector("h1");
  if (!problem) heading?.setAttribute("tabindex", "-1");
  (problem ?? heading)?.focus();
}

/** The file that was chosen, in the same field of the page that says what is to be mended. */
function keepFile({ id, files }) {
  const field = main.querySelector(`input[type=file][id="${id}"]`);
  if (field && !field.closest(".wrong")) field.files = files; // the file itself is what is wrong: another one
}

addEventListener("popstate", (event) => {
  const step = event.state?.step ?? 0;
  if (step >= steps.length) return location.reload();
  steps.length = step + 1; // what lay ahead is gone
  put(steps[step]);
});

function file(content, response) {
  const name = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition"))?.[1] ?? "";
  return new File([content], name, { type: content.type.split(";")[0] });
}
