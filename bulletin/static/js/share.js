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

/** Fetch what a link or a form gives; false where it is no file but a page that says what is wrong. */
async function fetched(address, name, options) {
  try {
    const response = await fetch(address, options);
    const type = response.headers.get("Content-Type");
    if (!response.ok || type.startsWith("text/html")) return false;
    await give(new File([await response.blob()], name, { type: type.split(";")[0] }));
    return true;
  } catch {
    return false;
  }
}

// On a computer a download is what one expects; a phone has nowhere to look for it.
if (matchMedia("(pointer: coarse)").matches && navigator.canShare) {
  for (const link of document.querySelectorAll("a.file")) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      if (!await fetched(link.href, link.download)) location = link.href;
    });
  }
  by("print")?.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    if (!await fetched(form.action, form.dataset.name, { method: "POST", body })) form.submit();
  });
}
