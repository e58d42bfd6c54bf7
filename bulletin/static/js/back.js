// Back from the empty page by one's words, without leaving it: what was typed is still below.

const blank = document.getElementById("blank");
const form = blank.querySelector("form");
const button = form.querySelector("button");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  let said = blank.dataset.sayNoSignal;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const open = answer.status === 204;
    said = open ? "" : (await answer.json()).errors[0].sentence;
    document.getElementById("sign-in").hidden = answer.status !== 403;
    if (open) {
      form.reset();
      blank.dispatchEvent(new Event("back"));
    }
  } catch {
    // No answer, or none of ours: it can be sent again.
  }
  document.getElementById("said").textContent = said;
  button.disabled = false;
});
