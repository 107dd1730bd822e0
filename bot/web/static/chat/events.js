/* What happened on the page is counted at the server, without saying to whom. Nobody waits for it, and it may fail. */

const told = new Set();

export function report(kind, key, event) {
  const what = [kind, key, event].join("/");
  if (!key || told.has(what)) return;
  told.add(what);
  fetch("/api/v1/events", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ kind, key, event }),
    keepalive: true,
  }).catch(() => told.delete(what));
}
