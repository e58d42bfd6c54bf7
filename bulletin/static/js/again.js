// When to ask again: a press may be busy, and a signal gone. As soon as the server says, but later each time, and for
// everybody at another moment, so that the pages which were refused together do not come back together.

const FIRST_MS = 5_000;
const LONGEST_MS = 60_000;
const SPREAD = 0.2;

let refused = 0; // times, one after the other

/** Milliseconds to wait; `response` is the refusal, or nothing where there was no answer. */
export function again(response) {
  const asked_ms = 1000 * Number(response?.headers.get("Retry-After")) || 0; // our own server says it in seconds
  const later_ms = Math.min(FIRST_MS * 2 ** refused, LONGEST_MS);
  refused += 1;
  return Math.max(asked_ms, later_ms) * (1 + SPREAD * Math.random());
}

/** It was answered: the next time is as the first. */
export function answered() {
  refused = 0;
}
