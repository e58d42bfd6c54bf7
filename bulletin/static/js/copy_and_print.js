// Buttons for what only a script can do: to copy what stands on the page, and to print it.

for (const button of document.querySelectorAll("[data-copies], [data-prints]")) {
  const { copies, sayDone } = button.dataset;
  button.hidden = Boolean(copies) && !navigator.clipboard;
  button.addEventListener("click", async () => {
    if (!copies) return print();
    const text = document.getElementById(copies).textContent;
    // Refused by the browser: then it is selected, and the phone offers to copy it.
    await navigator.clipboard.writeText(text).then(
      () => { button.textContent = sayDone; },
      () => getSelection().selectAllChildren(document.getElementById(copies)),
    );
  });
}
