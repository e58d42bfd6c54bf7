// Into a messenger by the phone's own sheet, where it has one; else there are links and boxes to copy from.

const by = (id) => document.getElementById(id);
const plain = by("plain");

if (plain) {
  by("copy").hidden = !navigator.clipboard;
  by("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(plain.value);
    by("copy").textContent = by("copy").dataset.sayCopied;
  });
  by("share-text").hidden = !navigator.share;
  by("share-text").addEventListener("click", () => navigator.share({ text: plain.value }).catch(() => {}));
}

/** A file, by the sheet that shares things or as a download. */
async function give(file) {
  if (navigator.canShare?.({ files: [file] })) {
    try {
      return await navigator.share({ files: [file] });
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some phones read it late
}

// On a computer a download is what one expects; a phone has nowhere to look for it.
const handheld = matchMedia("(pointer: coarse)").matches && Boolean(navigator.canShare);
if (handheld) {
  for (const link of document.querySelectorAll("a.card")) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      const response = await fetch(link.href);
      if (!response.headers.get("Content-Type").startsWith("image/")) return void (location = link.href);
      give(new File([await response.blob()], link.download, { type: "image/png" }));
    });
  }
}
