// What pages with accounts have beside hiding: one file, because each request takes a slow phone's time.

// A form goes once: a second tap while the first is on its way does nothing. What is typed goes by send.js.

const REST_MS = 4000; // a file that was saved leaves the page as it was

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, REST_MS);
});

// Back to a page that was put aside: it may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What is not saved as one types is not left by a slip of the thumb.
function guard() {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    form.removeAttribute("data-guard");
    let typed = false;
    form.addEventListener("input", () => { typed = true; });
    form.addEventListener("submit", () => { typed = false; });
    addEventListener("beforeunload", (event) => { if (typed && form.isConnected) event.preventDefault(); });
  }
}

// A button beside the words: show them while nobody looks. Hidden again before they are sent, so that no keyboard learns them.

function cover(field) {
  const { sayShow, sayHide } = field.dataset;
  field.removeAttribute("data-say-show");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.setAttribute("aria-controls", field.id);
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? sayHide : sayShow;
  };
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false));
  show(false);
  field.after(button);
}

// Now, and again for a page that another script shows in the place of this one.
function dress() {
  guard();
  for (const field of document.querySelectorAll("input[data-say-show]")) cover(field);
}
dress();
addEventListener("shown", dress);

// Back from the empty page by one's words, without leaving it: what was typed is still below.

const blank = document.getElementById("blank");
const back = blank?.querySelector("form");

back?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = back.querySelector("button");
  button.disabled = true;
  let said = blank.dataset.sayNoSignal;
  try {
    const body = new URLSearchParams(new FormData(back));
    const answer = await fetch(back.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const open = answer.status === 204;
    said = open ? "" : (await answer.json()).errors[0].sentence;
    document.getElementById("sign-in").hidden = answer.status !== 403;
    if (open) {
      back.reset();
      blank.dispatchEvent(new Event("back"));
    } else if (back.elements.pin) {
      back.elements.pin.value = "";
    }
  } catch {
    // No answer, or none of ours: it can be sent again.
  }
  document.getElementById("said").textContent = said;
  button.disabled = false;
});
