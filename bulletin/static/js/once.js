// A form goes once: a second tap while the first is on its way does nothing.

const REST_MS = 4000; // a file that was saved leaves the page as it was

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, REST_MS);
});

// Back to a page that was put aside: it may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
