/* Nobody touches it any more: a warning, then everything is wiped. Reading aloud counts as being there. */

import { say } from "./book.js";
import { button, make } from "./elements.js";
import { isSpeaking } from "./speech.js";

const QUIET_S = 45;
const WARNING_S = 20;

const overlay = document.getElementById("overlay");
let timer = null;
let left = 0;
let wipe = () => {};
let behind = null;

export function watchIdle(wiped) {
  wipe = wiped;
  for (const kind of ["pointerdown", "keydown", "input"]) {
    document.addEventListener(kind, () => timer !== null && overlay.hidden && stay(), { capture: true, passive: true });
  }
}

/* Somebody is there: count anew. */
export function stay() {
  rest();
  timer = setTimeout(warn, QUIET_S * 1000);
}

/* Nobody is expected: count nothing. */
export function rest() {
  clearTimeout(timer);
  timer = null;
  if (overlay.hidden) return;
  overlay.hidden = true;
  overlay.replaceChildren();
  setInert(false);
  if (behind && behind.isConnected) behind.focus({ preventScroll: true });
}

function warn() {
  if (isSpeaking()) return stay();
  left = WARNING_S;
  const count = make("p", "overlay__text");
  const here = button("big big--main", () => {}, say("kiosk_idle_stay"));
  const box = make("div", "overlay__box", make("h2", "overlay__title", say("kiosk_idle_title")), count, here);
  box.setAttribute("role", "alertdialog");
  box.setAttribute("aria-label", say("kiosk_idle_title"));
  overlay.replaceChildren(box);
  overlay.hidden = false;
  behind = document.activeElement;
  setInert(true);
  here.focus({ preventScroll: true });
  tick(count);
}

function tick(count) {
  count.textContent = say("kiosk_idle_text", { seconds: left });
  if (left === 0) {
    rest();
    return wipe();
  }
  left -= 1;
  timer = setTimeout(() => tick(count), 1000);
}

function setInert(inert) {
  for (const id of ["stage", "dock"]) document.getElementById(id).inert = inert;
}

// one touch anywhere extends
overlay.addEventListener("click", stay);
