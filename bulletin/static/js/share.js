// Into a messenger by the phone's own sheet, where it has one; else there are links and boxes to copy from.

import { give, shares } from "./give.js";

const by = (id) => document.getElementById(id);
const plain = by("plain");
const said = Object.assign(document.createElement("p"), { className: "sending", textContent: by("ways").dataset.sayNoSignal });
said.setAttribute("role", "status");

if (plain) {
  by("copy").hidden = !navigator.clipboard;
  by("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(plain.value);
    by("copy").textContent = by("copy").dataset.sayCopied;
  });
  by("share-text").hidden = !navigator.share;
  by("share-text").addEventListener("click", () => navigator.share({ text: plain.value }).catch(() => {}));
}

// A card, a sheet once more: as a file by that sheet. Where there is no signal the page stays, and says so.
if (shares) {
  for (const link of document.querySelectorAll("a.file")) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      said.remove();
      let response;
      let content;
      try {
        response = await fetch(link.href);
        content = await response.blob(); // all of it: a signal may go halfway
      } catch {
        link.after(said);
        return;
      }
      const type = response.headers.get("Content-Type");
      if (!response.ok || type.startsWith("text/html")) location = link.href; // a page that says what is wrong
      else give(new File([content], link.download, { type: type.split(";")[0] }));
    });
  }
}
