/* Words of the visitor's own, for those who want to write. The machine's input method does the rest. */

import { say } from "./book.js";
import { cardScreen } from "./card.js";
import { act, button, lines, make } from "./elements.js";
import { go } from "./frame.js";
import { callPerson } from "./help.js";
import { paidScreen } from "./paid.js";
import { tell } from "./server.js";
import { visit } from "./visit.js";

const MOST = 2000;

export function writeScreen() {
  const box = make("textarea", "writing");
  box.maxLength = MOST;
  box.autocomplete = "off";
  box.spellcheck = false;
  box.setAttribute("aria-label", say("kiosk_write_title"));
  const note = make("p", "summary");
  note.setAttribute("role", "status");
  return {
    name: "write",
    title: say("kiosk_write_title"),
    body: [make("p", "hint", say("kiosk_write_hint")), note],
    controls: [box, act("big big--main", "send", "kiosk_write_send", () => send(box, note))],
    speak: () => [say("kiosk_write_title"), say("kiosk_write_hint")],
  };
}

async function send(box, note) {
  const text = box.value.trim();
  if (!text) {
    note.textContent = say("kiosk_write_empty");
    return;
  }
  note.textContent = say("kiosk_write_reading");
  show(await tell({ text }), note);
}

/* A button under an answer. */
export async function tapped(payload) {
  if (payload === "do:person") return callPerson();
  if (payload.startsWith("answer:money_gone:yes")) return go(paidScreen);
  show(await tell({ payload }), null);
}

/* The answer as a screen: its card where it has one, else its words. */
function show(answer, note) {
  if (!answer || !(answer.messages || []).length) {
    if (note) note.textContent = say("kiosk_write_offline");
    return;
  }
  const { messages } = answer;
  const carded = messages.find((message) => message.card);
  const buttons = messages.flatMap((message) => message.buttons || []);
  const asked = messages.find((message) => (message.buttons || []).length && !message.card);
  visit.said = {
    card: carded ? carded.card : null,
    question: carded && carded.card.question ? carded.card.question : asked && carded ? asked.text : "",
    buttons,
    text: messages.map((message) => message.text).join("\n"),
  };
  if (!carded) return go(wordsScreen);
  if (carded.card.urgency === "already-paid") return go(paidScreen);
  go(cardScreen);
}

function wordsScreen() {
  const { text, buttons } = visit.said;
  const [first, ...more] = lines(text);
  return {
    name: "words",
    title: first,
    body: more.map((line) => make("p", "summary", line)),
    controls: [
      make("div", "options", ...buttons.map((one) => button("big", () => tapped(one.payload), one.title))),
      act("row", "pen", "kiosk_write", () => go(writeScreen)),
    ],
    speak: () => lines(text),
  };
}
