/* The service worker of kiosks and screens. The server writes the line before this one:
   OFFLINE = {area, build, files, pages, lists}. Files belong to a build; pages and lists are those of the last release
   that came through, whatever build it was. */

const FILES = `${OFFLINE.area}-files-${OFFLINE.build}`;
const LAST = `${OFFLINE.area}-last`;
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (OFFLINE.files.includes(url.pathname)) event.respondWith(file(request, url.pathname));
  else if (OFFLINE.pages.includes(url.pathname) || OFFLINE.lists.includes(url.pathname)) event.respondWith(newest(event, url));
});

async function install() {
  try {
    const cache = await caches.open(FILES);
    await cache.addAll(OFFLINE.files.map((path) => new Request(path, { cache: "reload" })));
  } catch (error) {
    if (error.name === "QuotaExceededError") await tell("full");
    throw error;
  }
  await Promise.all([...OFFLINE.pages, ...OFFLINE.lists].map((path) => take(path)));
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(`${OFFLINE.area}-files-`) && name !== FILES);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function file(request, path) {
  const cache = await caches.open(FILES);
  return (await cache.match(path)) || fetch(request);
}

// The network while it answers in time, else what came last, with a header that says so.
async function newest(event, url) {
  const path = url.pathname + url.search;
  const cache = await caches.open(LAST);
  let answer = null;
  try {
    answer = await fetch(event.request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 200) event.waitUntil(keep(path, answer.clone()));
    if (answer.status === 304 && !(await cache.match(path))) event.waitUntil(take(path));
    if (answer.status < 500) return answer;
  } catch {
    // no line
  }
  const kept = (await cache.match(path)) || (await cache.match(path, { ignoreSearch: true }));
  return kept ? fromCache(kept) : answer || Response.error();
}

function fromCache(kept) {
  const headers = new Headers(kept.headers);
  headers.set("x-from-cache", "yes");
  return new Response(kept.body, { status: kept.status, headers });
}

async function take(path) {
  try {
    const answer = await fetch(path);
    if (answer.status === 200) await keep(path, answer);
  } catch {
    // no line: the next answer is kept
  }
}

async function keep(path, answer) {
  try {
    await (await caches.open(LAST)).put(path, answer);
  } catch {
    await tell("full");
  }
}

async function tell(what) {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage(what);
}
