/* The service worker of kiosks and screens. The server writes the line before this one:
   OFFLINE = {area, build, files, pages, lists, films}. Files belong to a build; pages and lists are those of the last release
   that came through, whatever build it was. */

const FILES = `${OFFLINE.area}-files-${OFFLINE.build}`;
const LAST = `${OFFLINE.area}-last`;
const FILMS = `${OFFLINE.area}-films`;
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (OFFLINE.files.includes(url.pathname)) event.respondWith(file(request, url.pathname));
  else if (OFFLINE.films && url.pathname.startsWith(OFFLINE.films)) event.respondWith(film(request, url.pathname));
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

// The films of the list, whole; those of earlier lists go.
async function keepFilms(items) {
  const wanted = items.filter((item) => item.file).map((item) => OFFLINE.films + item.file);
  const cache = await caches.open(FILMS);
  const kept = (await cache.keys()).map((request) => new URL(request.url).pathname);
  await Promise.all(kept.filter((path) => !wanted.includes(path)).map((path) => cache.delete(path)));
  for (const path of wanted.filter((one) => !kept.includes(one))) {
    const answer = await fetch(path);
    if (answer.status === 200) await cache.put(path, answer);
  }
}

// A player asks for parts of a film; the cache holds it whole.
async function film(request, path) {
  const kept = await (await caches.open(FILMS)).match(path);
  if (!kept) return fetch(request);
  const whole = await kept.blob();
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") || "");
  if (!asked) return new Response(whole, { headers: kept.headers });
  const first = Number(asked[1]);
  const last = Math.min(asked[2] ? Number(asked[2]) : whole.size - 1, whole.size - 1);
  const headers = { "content-type": kept.headers.get("content-type"), "content-range": `bytes ${first}-${last}/${whole.size}` };
  return new Response(whole.slice(first, last + 1), { status: 206, headers });
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
  const copy = OFFLINE.films && OFFLINE.lists.includes(path) ? answer.clone() : null;
  try {
    await (await caches.open(LAST)).put(path, answer);
    if (copy) await keepFilms((await copy.json()).items || []);
  } catch {
    await tell("full");
  }
}

async function tell(what) {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage(what);
}
