// Letters that wait in this phone: each sealed, under the id of its form; and what they are sealed to, and sent with.
// Nothing here can be read, and nothing here reads anything. Used by pages, and by worker.js.

const FRESH_MS = 12 * 60 * 60 * 1000;

function asked(request) {
  return new Promise((go_on, fail) => {
    request.onsuccess = () => go_on(request.result);
    request.onerror = () => fail(request.error);
  });
}

async function store(name, mode = "readonly") {
  const request = indexedDB.open("letters", 2);
  request.onupgradeneeded = ({ oldVersion }) => {
    if (oldVersion < 1) {
      request.result.createObjectStore("queue", { keyPath: "id" });
      request.result.createObjectStore("keys", { keyPath: "site" });
    }
    request.result.createObjectStore("copies", { keyPath: "id" }); // see copies.js
  };
  const here = await asked(request);
  const transaction = here.transaction(name, mode, { durability: "strict" }); // a phone may go off at any moment
  transaction.oncomplete = transaction.onabort = () => here.close();
  const done = new Promise((go_on, fail) => {
    transaction.addEventListener("complete", go_on);
    transaction.addEventListener("abort", () => fail(transaction.error));
  });
  return [transaction.objectStore(name), done];
}

/** All that is kept under this name. */
export async function all(name) {
  const [there] = await store(name);
  return asked(there.getAll());
}

/** Put something there, or take it away: it is done when this is. */
export async function change(name, deed) {
  const [there, done] = await store(name, "readwrite");
  deed(there);
  await done;
}

/** The keys of all sites that are known here; that of the one that was open, or written for, last comes first. */
export const keys = async () => (await all("keys")).sort((one, other) => (other.used ?? other.at) - (one.used ?? one.at));

/** This site is the last one. */
export async function use(site) {
  const known = await keys();
  const key = known.find((one) => one.site === site);
  if (key && key !== known[0]) await change("keys", (there) => there.put({ ...key, used: Date.now() }));
}

/** The key of a site, if it is known: never another's, who would read the letter. Where none is named, of the last. */
export async function keyFor(site) {
  const known = await keys();
  return site ? known.find((one) => one.site === site) : known[0];
}

/** Is what is known of a site of today, and of this member and this phone, as it is signed in now? */
export async function isFresh(site, member, phone) {
  const key = await keyFor(site);
  return key?.site === site && key.member === member && key.phone === phone && Date.now() - key.at < FRESH_MS;
}

export const remember = (key) => change("keys", (there) => there.put({ ...key, at: Date.now(), used: Date.now() }));
/** Another letter; or, of an id that waits already, its words of now. */
export const put = (letter) => change("queue", (there) => there.put({ ...letter, at: performance.timeOrigin + performance.now() }));
export const remove = (id) => change("queue", (there) => there.delete(id));
export const count = async () => (await all("queue")).length;

const held = new Map(); // ids: what lets go of them

/** A page that is open sends this one itself; whatever ends the page lets go of it. */
export function hold(id) {
  if (!held.has(id)) navigator.locks.request(`letter ${id}`, () => new Promise((let_go) => held.set(id, let_go)));
}

export function letGo(id) {
  held.get(id)?.();
  held.delete(id);
}

/** Send what waits, one after the other, from one page at a time. What is not taken stays; how many, and was one refused? */
export function send() {
  return navigator.locks.request("letters", async () => {
    let refused = false;
    const others = new Set((await navigator.locks.query()).held.map(({ name }) => name));
    for (const letter of await all("queue")) {
      if (others.has(`letter ${letter.id}`)) continue;
      const taken = await sendOne(letter);
      if (taken === null) break; // no signal
      refused ||= !taken;
    }
    return { left: await count(), refused };
  });
}

async function sendOne(letter) {
  const token = (await keyFor(letter.site))?.token ?? "";
  const sealed = btoa(Array.from(letter.sealed, (byte) => String.fromCharCode(byte)).join(""));
  const body = new URLSearchParams({ site: letter.site, id: letter.id, token, sealed });
  let answer;
  try {
    answer = await fetch("/letters", { method: "POST", body, credentials: "omit" });
  } catch {
    return null;
  }
  if (answer.status >= 500) return null;
  if (answer.status !== 204) return false;
  await change("queue", (there) => { // unless there are other words by now
    const now = there.get(letter.id);
    now.onsuccess = () => { if (now.result?.at === letter.at) there.delete(letter.id); };
  });
  return true;
}
