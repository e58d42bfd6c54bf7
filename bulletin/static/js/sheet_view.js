// The sheet on the page, and how full it is: what an answer says is put where it belongs.

import { again, answered } from "./again.js";

const by = (id) => document.getElementById(id);

/** Put a sheet into the frame; only its words where its style is the same, so that nothing flickers. */
function show(html, shape) {
  by("result").hidden = !html;
  if (!html) return;
  const frame = by("sheet");
  const next = new DOMParser().parseFromString(html, "text/html");
  const page = frame.contentDocument;
  const links = (one) => [...one.querySelectorAll("link")].map((link) => link.outerHTML).join();
  if (page?.body && links(page) === links(next)) {
    page.documentElement.className = next.documentElement.className;
    page.body.replaceWith(page.adoptNode(next.body));
  } else {
    frame.srcdoc = html;
  }
  frame.className = `sheet ${shape}`;
}

/** Take in what the server says of the bulletin. `about`: the piece this page is for, if for one. */
export function take(parts, about) {
  show(parts.sheet, parts.shape);
  by("full").textContent = parts.words;
  by("fit").classList.toggle("over", parts.full);
  by("fit").classList.toggle("old", !parts.current);
  if (parts.sides.length) {
    by("bars").replaceChildren(...parts.sides.map((value) => Object.assign(document.createElement("meter"), { value })));
  }
  const say = (place, sentence) => {
    place.textContent = sentence ?? "";
    place.hidden = !sentence;
  };
  if (about) {
    say(by("wrong"), parts.problems[about]);
    say(by("left-out"), parts.left_out[about]);
  }
  for (const place of document.querySelectorAll(".error[data-about]")) say(place, parts.problems[place.dataset.about]);
}

/** Ask the press; gives [parts], or [null, when to ask again] where it is busy or there is no signal. */
export async function measure(url) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams({ patience: "none" }),
    });
    if (!response.ok) return [null, again(response)];
    const parts = await response.json();
    answered();
    return [parts];
  } catch {
    return [null, again(response)];
  }
}
