// A quick way out: an empty page in the place of this one, until "Show again". What was typed stays where it is.

const by = (id) => document.getElementById(id);
const view = [document.querySelector(".top"), document.querySelector("main")];

let title;
let place;

function hide(away) {
  if (away) [title, place] = [document.title, scrollY];
  for (const part of view) part.hidden = away;
  by("blank").hidden = !away;
  document.title = away ? by("blank").firstChild.textContent : title;
  scrollTo({ top: away ? 0 : place, behavior: "instant" });
  by(away ? "show" : "hide").focus({ preventScroll: true });
}

by("hide").hidden = false;
by("hide").addEventListener("click", () => hide(true));
by("show").addEventListener("click", () => hide(false));
