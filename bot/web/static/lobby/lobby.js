// Looks for calls every two seconds, rings while one rings, and counts them where a phone shows it.

import { allow, canRing, ring } from "./bell.js";

const page = document.getElementById("lobby");
const list = document.getElementById("calls");
const soundButton = document.getElementById("sound");
const deaf = document.getElementById("deaf");
const told = document.getElementById("told");
const JSON_PLEASE = { accept: "application/json" };
const FAILURES_BEFORE_DEAF = 2;
const PATIENCE_MS = 8000;

let failures = 0;
let looking = false;
let round = 0;

async function look() {
  if (looking) return;
  looking = true;
  try {
    const answer = await fetch(page.dataset.calls, { redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    renew(await answer.text());
    failures = 0;
  } catch {
    failures += 1;
  }
  looking = false;
  deaf.hidden = failures < FAILURES_BEFORE_DEAF;
  show();
}

// Only what changed is replaced, so that nobody loses the word he is writing.
function renew(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").body;
  const before = new Map([...list.querySelectorAll("[data-id]")].map((call) => [call.dataset.id, call]));
  for (const call of fresh.querySelectorAll("[data-id]")) {
    const known = before.get(call.dataset.id);
    if (known && known.dataset.state === call.dataset.state) call.replaceWith(known);
  }
  const held = document.activeElement;
  list.replaceChildren(...fresh.childNodes);
  if (held && list.contains(held)) held.focus();
}

function ringing() {
  return list.querySelectorAll('[data-rings="yes"]').length;
}

function show() {
  const count = ringing();
  document.title = `${count ? `(${count}) ` : ""}${failures >= FAILURES_BEFORE_DEAF ? "(!) " : ""}${page.dataset.title}`;
  soundButton.hidden = canRing();
  if (navigator.setAppBadge) (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
  for (const since of list.querySelectorAll("[data-since]")) {
    const minutes = Math.floor((Date.now() - Date.parse(since.dataset.since)) / 60000);
    since.textContent = minutes > 0 ? page.dataset.age.replace("#", minutes) : "";
  }
}

async function switchOn() {
  await allow();
  show();
  if (ringing()) ring();
  if (navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {});
}

soundButton.addEventListener("click", switchOn);
document.addEventListener("pointerdown", () => canRing() || switchOn());

// Sent without leaving the page: a page that is loaded anew may not ring before it is touched.
list.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  button.disabled = true;
  told.hidden = true;
  try {
    const answer = await fetch(form.action, { method: "POST", headers: JSON_PLEASE, body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) {
      told.textContent = (await answer.json()).message;
      told.hidden = false;
    }
  } catch {
    failures = FAILURES_BEFORE_DEAF;
  }
  button.disabled = false;
  await look();
});

document.getElementById("place").addEventListener("change", (event) => event.target.form.requestSubmit());

new Worker("/static/lobby/tick.js").addEventListener("message", () => {
  look();
  round += 1;
  if (ringing() && round % 2 === 0) ring();
});
show();
