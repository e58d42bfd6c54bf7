// For a phone without signal: the pages under /offline and what they need. No page with names is ever kept, nor any other.

import { send } from "./queue.js";

const KEPT = "offline";
const PAGES = ["", "/talk", "/action", "/story", "/draft"].map((name) => `/offline${name}`);
const MODULES = ["seal.js", "../vendor/hpke.js"].map((name) => new URL(name, location).pathname);
const LATE_MS = 8_000; // where the signal is too weak to say that there is none

/** All of it as it is now, in the place of what was kept before. */
async function fill() {
  const now = new Map();
  const named = new Set(MODULES);
  for (const path of PAGES) {
    const page = await fetched(path);
    for (const [, file] of (await page.clone().text()).matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)) named.add(file);
    now.set(path, page);
  }
  for (const path of named) now.set(path, await fetched(path));
  const kept = await caches.open(KEPT);
  for (const [path, response] of now) await kept.put(path, response);
  for (const { url } of await kept.keys()) {
    const { pathname, search } = new URL(url);
    if (!now.has(pathname + search)) await kept.delete(url);
  }
}

async function fetched(path) {
  const response = await fetch(path, { cache: path.includes("?v=") ? "default" : "no-cache" });
  if (!response.ok || response.redirected) throw new Error(path);
  return new Response(await response.blob(), { headers: response.headers }); // all of it, before the next is asked for
}

/** The page that is shown in the place of one that does not come; `soon`: where what is asked for takes no time. */
function instead({ pathname }) {
  if (pathname.endsWith("/conversations/new")) return { path: "/offline/talk", soon: true };
  if (pathname.endsWith("/actions/new")) return { path: "/offline/action", soon: true };
  if (PAGES.includes(pathname)) return { path: pathname, soon: true };
  return { path: "/offline", soon: /^\/(sites\/[^/]+)?$/.test(pathname) };
}

async function page(event, url) {
  const { path, soon } = instead(url);
  const late = soon ? [new Promise((_, fail) => setTimeout(fail, LATE_MS))] : [];
  try {
    return await Promise.race([event.preloadResponse.then((early) => early ?? fetch(event.request)), ...late]);
  } catch {
    return await caches.match(path) ?? Response.error();
  }
}

async function file(request, url) {
  const kept = await caches.match(request);
  if (kept && url.searchParams.has("v")) return kept;
  return fetch(request).catch(() => kept ?? Response.error());
}

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(Promise.all([
  clients.claim(),
  registration.navigationPreload?.enable(),
])));
addEventListener("message", (event) => event.waitUntil(fill().catch(() => {})));
addEventListener("sync", (event) => event.waitUntil(send()));
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request, url));
});
