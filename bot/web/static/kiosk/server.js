/* The few calls the kiosk makes. None of them is waited for by what must be shown; none throws. */

import { shown } from "./book.js";
import { visit } from "./visit.js";

const PATIENCE_MS = 8000;
const AGAIN_MS = 5000;
const HELP_MS = 10 * 60 * 1000; // a cry for help older than this is for nobody
const unwiped = new Set();

/* The answer as JSON ({} where there is none), or null when there is none to have. */
async function call(method, path, body) {
  const hurry = new AbortController();
  const timer = setTimeout(() => hurry.abort(), PATIENCE_MS);
  try {
    const response = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: hurry.signal,
      keepalive: true,
    });
    if (!response.ok) return null;
    return response.status === 204 ? {} : await response.json();
  } catch (unreachable) {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/* The visitor's way, as the server may know it: choices, no words. */
function way() {
  return {
    conversation: visit.conversation,
    language: shown.language,
    tap: visit.tap ? visit.tap.id : "",
    answers: visit.answers.slice(),
    paid: visit.paid,
    paid_by: visit.paidBy,
  };
}

export const offerPhone = () => call("POST", "/kiosk/phone", way());

/* Words of the visitor's own, or an answer to what they led to. The way he came by is told first. */
export async function tell(body) {
  if (visit.tap && !visit.said) await call("PUT", "/kiosk/conversation", way());
  return call("POST", "/api/v1/chat", { conversation: visit.conversation, language: shown.language, ...body });
}

/* Counts a kind once for this visitor. */
export function countAsked(typology) {
  if (visit.counted.has(typology)) return;
  visit.counted.add(typology);
  call("POST", "/kiosk/asked", { conversation: visit.conversation, typology });
}

/* Counts what happened to a drill: that it was begun, and whether its question was answered rightly. By whom is nowhere. */
export function countDrill(key, event) {
  const what = `${key} ${event === "shown" ? "begun" : "answered"}`; // each once for a visitor
  if (visit.counted.has(what)) return;
  visit.counted.add(what);
  call("POST", "/api/v1/events", { kind: "drill", key, event, channel: "kiosk" });
}

export const askedHere = () => fetch("/kiosk/asked").then((r) => (r.ok ? r.json() : null)).catch(() => null);

/* Rings for help until it is heard; `heard(true or false)` is told after every try. */
export async function ringForHelp(kind, heard) {
  const until = Date.now() + HELP_MS;
  const body = { place: document.body.dataset.place || "", kind };
  while (Date.now() < until) {
    if (await call("POST", "/api/v1/help-calls", body)) return heard(true);
    heard(false);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/* Has the server forget a conversation, now or as soon as it can be reached. */
export async function wipe(conversation) {
  unwiped.add(conversation);
  for (const one of [...unwiped]) {
    if (await call("POST", "/kiosk/wipe", { conversation: one })) unwiped.delete(one);
  }
}
