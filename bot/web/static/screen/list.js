// Fetches a playlist again and again, so that what was released is shown within five seconds; the worker behind this
// page answers from its cache when there is no line, and says so in a header.

const EVERY_MS = 2500;
const PATIENCE_MS = 6000;

// `told` is called with the new list when it changed; the returned state says how the line is.
export function keepListening(path, told, revoked) {
  const state = { offline: false, paired: true, list: null };
  let etag = "";
  async function look() {
    const headers = etag ? { "if-none-match": etag } : {};
    const answer = await fetch(path, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 401) return revoked();
    const kept = answer.headers.get("x-from-cache") === "yes";
    state.offline = kept || !(answer.ok || answer.status === 304);
    state.paired = answer.headers.get("x-paired") !== "no";
    if (!answer.ok) return;
    if (kept && state.list) return;
    const list = await answer.json();
    if (!kept) etag = answer.headers.get("etag") || "";
    state.list = list;
    told(list);
  }
  async function again() {
    try {
      await look();
    } catch {
      state.offline = true;
    }
    setTimeout(again, EVERY_MS);
  }
  again();
  return state;
}
