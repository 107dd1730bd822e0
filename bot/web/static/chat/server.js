/* Talking to the server: one call, with patience, and its failures by the name of the sentence that tells them. */

import { shown } from "./page.js";

const PATIENCE_MS = 15000;
const PICTURE_MS = 60000; // the first picture starts the process that reads
const PICTURE_FAULTS = { 413: "too_big", 422: "no_picture", 501: "absent", 503: "failed", 504: "late" };

let conversation = null;

function newId() {
  if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function currentConversation() {
  try {
    conversation = conversation || sessionStorage.getItem("conversation") || newId();
    sessionStorage.setItem("conversation", conversation);
  } catch (refused) {
    conversation = conversation || newId(); // storage is off: it lives as long as the page
  }
  return conversation;
}

/* From here on another conversation. */
export function beginAnew() {
  conversation = newId();
  currentConversation();
}

/* {answer}, or {fault, values}: why there is none. */
export function post(body) {
  const request = { conversation: currentConversation(), ...body };
  if (shown.chosen || body.payload) request.language = shown.chosen || shown.language; // a tap has no words to tell it by
  return call("/api/v1/chat", request);
}

/* Goes on here with a conversation begun at a kiosk. */
export function carryOn(token) {
  beginAnew();
  return call("/api/v1/continue", { conversation: currentConversation(), token });
}

/* The words of a picture. */
export function readPicture(file) {
  return send("/api/v1/picture", "application/octet-stream", file, PICTURE_MS, ({ status }) =>
    status in PICTURE_FAULTS ? "channel_picture_" + PICTURE_FAULTS[status] : null,
  );
}

function call(path, request) {
  return send(path, "application/json", JSON.stringify(request), PATIENCE_MS, ({ status }) =>
    status === 404 ? "ui_continue_gone" : status === 413 ? "ui_too_long" : null,
  );
}

async function send(path, type, body, patience, faultOf) {
  const hurry = new AbortController();
  const timer = setTimeout(() => hurry.abort(), patience);
  try {
    const response = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body, signal: hurry.signal });
    const fault = faultOf(response);
    if (fault) return { fault };
    if (response.status === 429) {
      return { fault: "ui_too_fast", values: { seconds: parseInt(response.headers.get("Retry-After"), 10) || 10 } };
    }
    if (!response.ok) return { fault: "ui_offline" };
    return { answer: await response.json() };
  } catch (unreachable) {
    return { fault: "ui_offline" };
  } finally {
    clearTimeout(timer);
  }
}
