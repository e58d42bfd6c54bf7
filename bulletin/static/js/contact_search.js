// People found as one types. What is typed goes in the body of a request, never in an address, and is kept nowhere.

const PAUSE_MS = 150;

const ask = async (action, body) => {
  const answer = await fetch(action, { method: "POST", body, headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error(); // signed out, or broken
  return new DOMParser().parseFromString(await answer.text(), "text/html").body;
};

/** The last of several things asked for: what comes later than its successor is thrown away. */
function latest(deed) {
  let asked = 0;
  let pause;
  return (wait_ms, ...about) => {
    clearTimeout(pause);
    const number = ++asked;
    pause = setTimeout(() => deed(() => number === asked, ...about), wait_ms);
  };
}

// The list, as short as what is typed leaves it.

for (const form of document.querySelectorAll("form[data-finds]")) {
  const count = document.getElementById("count");
  const find = latest(async (still, page) => {
    const body = new FormData(form);
    body.set("part", "found");
    body.set("page", page);
    try {
      const found = (await ask(form.action, body)).querySelector(`#${form.dataset.finds}`);
      if (!still()) return;
      document.getElementById(form.dataset.finds).replaceWith(found);
      count.textContent = found.dataset.count;
      if (page > 1) count.scrollIntoView();
    } catch {
      if (still()) count.textContent = form.dataset.sayNoSignal;
    }
  });
  form.querySelector("[data-find]").hidden = true;
  form.addEventListener("input", () => find(PAUSE_MS, 1));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find(0, event.submitter?.name === "page" ? event.submitter.value : 1);
  });
}

// A few names below a field, to choose from with the thumb.

for (const place of document.querySelectorAll("[data-suggests]")) {
  const [field, chosen] = place.querySelectorAll("input");
  const offer = place.querySelector(".offer");
  const status = place.querySelector("[role=status]");
  const suggest = latest(async (still) => {
    const body = new URLSearchParams({ words: field.value, part: "names" });
    const found = field.value.trim() ? await ask(place.dataset.suggests, body).catch(() => null) : null;
    if (!still()) return;
    offer.replaceChildren(...(found?.children ?? []));
    offer.hidden = !offer.children.length;
    status.className = "unseen";
    status.textContent = offer.hidden ? "" : status.dataset.saySome;
  });
  field.addEventListener("input", () => {
    chosen.value = "";
    suggest(PAUSE_MS);
  });
  if (document.activeElement === field && !chosen.value) suggest(0); // typed before this script had come
  offer.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    field.value = button.dataset.name;
    chosen.value = button.dataset.id;
    offer.hidden = true;
    status.className = "hint"; // which of several of one name
    status.textContent = button.textContent;
    field.form.querySelector("input[type=radio]").focus(); // away from the field, and the keyboard with it
  });
}
