// A file that came: by the phone's sheet that shares things, or as a download.

/** A phone has nowhere to look for a download; on a computer it is what one expects. */
export const shares = matchMedia("(pointer: coarse)").matches && Boolean(navigator.canShare);

export async function give(file, share = shares) {
  if (share && navigator.canShare({ files: [file] })) {
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
