// Buttons for what only a script can do: to send by the phone's own sheet, to copy what stands on the page, and to print it.

for (const button of document.querySelectorAll("[data-copies], [data-prints], [data-shares]")) {
  const { copies, shares, sayDone } = button.dataset;
  const there = document.getElementById(copies || shares);
  button.hidden = Boolean(copies) && !navigator.clipboard || Boolean(shares) && !navigator.share;
  button.addEventListener("click", async () => {
    if (shares) return navigator.share({ url: there.textContent }).catch(() => {}); // they thought better of it
    if (!copies) return print();
    // Refused by the browser: then it is selected, and the phone offers to copy it.
    await navigator.clipboard.writeText(there.textContent).then(
      () => { button.textContent = sayDone; },
      () => getSelection().selectAllChildren(there),
    );
  });
}
