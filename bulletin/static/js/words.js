// A button beside the words: show them while nobody looks. Hidden again before they are sent, so that no keyboard learns them.

for (const field of document.querySelectorAll("input[data-say-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.setAttribute("aria-controls", field.id);
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? field.dataset.sayHide : field.dataset.sayShow;
  };
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false));
  show(false);
  field.after(button);
}
