// The page of a paper: what has changed since it was measured is measured at once, without asking.

import { measure, take } from "./sheet_view.js";

const form = document.getElementById("measuring");

async function now() {
  const [parts, again_ms] = await measure(form.action);
  if (parts) take(parts);
  else setTimeout(now, again_ms);
}

form.hidden = true; // nobody has to press what is done without asking
if ("now" in form.dataset) now();
