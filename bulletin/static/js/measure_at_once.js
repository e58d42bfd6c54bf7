// The page of a paper: what has changed since it was measured is measured at once, without asking.

import { measure, take } from "./sheet_view.js";

const form = document.getElementById("measuring");
const AGAIN_MS = 10_000;

async function now() {
  const parts = await measure(form.action);
  if (parts) take(parts);
  else setTimeout(now, AGAIN_MS);
}

form.hidden = true; // nobody has to press what is done without asking
if ("now" in form.dataset) now();
