// A quick way out: an empty page in the place of this one, in every tab; what was typed stays where it is.
// "Show again" brings it back. Members are hidden on the server too, and come back by their words.

const by = (id) => document.getElementById(id);
const blank = by("blank");
const form = blank.querySelector("form"); // members have one
const view = [document.querySelector(".top"), document.querySelector("main")];
const tabs = new BroadcastChannel("hide");
const headers = { Accept: "application/json" };
const post = (url, body) => fetch(url, { method: "POST", body, keepalive: true, headers });

let away = false, title, place;

function turn(to) {
  if (to === away) return;
  away = to;
  if (away) [title, place] = [document.title, scrollY];
  for (const part of view) part.hidden = away;
  blank.hidden = !away;
  document.title = away ? blank.firstElementChild.textContent : title;
  scrollTo({ top: away ? 0 : place, behavior: "instant" });
  (away ? by("show") ?? blank : by("hide")).focus({ preventScroll: true });
  if (form && away) import(blank.dataset.words);
}

// Again until the server knows: there may be no signal just now.
const tell = () => away && post(by("hide").form.action).catch(() => setTimeout(tell, 5000));

async function comeBack(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  let said = blank.dataset.sayNoSignal;
  try {
    const answer = await post(form.action, new URLSearchParams(new FormData(form)));
    const back = answer.status === 204;
    said = back ? "" : (await answer.json()).errors[0].sentence;
    by("sign-in").hidden = answer.status !== 403;
    if (back) { form.reset(); turn(false); }
  } catch {}
  by("said").textContent = said;
  button.disabled = false;
}

by("hide").hidden = false;
by("hide").addEventListener("click", (event) => {
  event.preventDefault();
  turn(true);
  tabs.postMessage("");
  if (form) tell();
});
if (form) form.addEventListener("submit", comeBack);
else by("show").addEventListener("click", () => turn(false));
tabs.onmessage = () => turn(true);
