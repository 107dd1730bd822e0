/* One turn: send what was written or tapped, lock what must wait, show the answer, undo it all when none comes. */

import { empty, hideTrouble, putBack, showTrouble, written } from "./composer.js";
import { make } from "./elements.js";
import { greet, setLanguage } from "./language.js";
import { addCustomer, bringIntoView, showMessages, underline } from "./log.js";
import { byId, data, say } from "./page.js";
import { beginAnew, carryOn, post } from "./server.js";

let waiting = false;
let round = 0; // starting over drops answers still on their way

export function submit() {
  byId("text").focus({ preventScroll: true });
  if (waiting) return;
  const { text, fault } = written();
  if (fault) return showTrouble({ fault });
  empty();
  deliver({ text }, text, () => putBack(text), submit);
}

/* A tapped answer. */
export function choose(element, byKeyboard) {
  if (waiting) return;
  element.classList.add("choice--taken");
  deliver({ payload: element.dataset.payload }, element.textContent, () => element.classList.remove("choice--taken"));
  // By keyboard the focus would be lost with the button; by finger the on-screen keyboard must not jump up.
  if (byKeyboard) byId("text").focus({ preventScroll: true });
}

/* Helpful or not: no turn of the conversation. */
export async function giveFeedback(element) {
  const row = element.closest(".feedback");
  const buttons = row.querySelectorAll("button");
  for (const one of buttons) one.disabled = true;
  const outcome = await post({ payload: element.dataset.payload });
  if (outcome.fault) {
    for (const one of buttons) one.disabled = false;
    return showTrouble(outcome);
  }
  if ((outcome.answer.messages || []).length) row.remove();
  else row.replaceChildren(make("p", "", say("ui_thanks")));
  showMessages(outcome.answer);
}

export function startOver() {
  round += 1;
  beginAnew();
  setWaiting(false);
  hideTrouble();
  byId("log").replaceChildren();
  greet();
  window.scrollTo(0, 0);
  byId("text").focus({ preventScroll: true });
}

/* The conversation of the kiosk, from where it stood. */
export async function goOn(token) {
  setWaiting(true);
  const outcome = await carryOn(token);
  setWaiting(false);
  if (outcome.fault) return showTrouble(outcome);
  setLanguage(outcome.answer.language);
  showMessages(outcome.answer);
  greet();
}

/* Sends one message. On failure `undo` puts everything back, so nothing the customer wrote is lost. */
async function deliver(body, words, undo, again) {
  const mine = round;
  const locked = Array.from(document.querySelectorAll(".choice:enabled, .feedback button:enabled"));
  for (const one of locked) one.disabled = true;
  setWaiting(true);
  hideTrouble();
  const turn = addCustomer(words);
  bringIntoView(byId("working"), "end");
  const outcome = await post(body);
  if (mine !== round) return;
  setWaiting(false);
  if (outcome.fault) {
    turn.remove();
    for (const one of locked) one.disabled = false;
    undo();
    showTrouble(outcome, again);
    return;
  }
  const assessment = outcome.answer.assessment;
  if (assessment && data.words[assessment.language]) setLanguage(assessment.language);
  if (assessment && body.text && assessment.urgency !== "none") underline(turn, body.text, assessment.red_flags || []);
  showMessages(outcome.answer);
}

function setWaiting(now) {
  waiting = now;
  byId("send").disabled = now;
  byId("working").hidden = !now;
  byId("alert").textContent = "";
}
