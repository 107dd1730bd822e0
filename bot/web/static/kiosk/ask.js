/* What is happening? Pictures to touch, then one question after another, until the card. */

import { book, say, t, tapsUnder, titleOf } from "./book.js";
import { cardScreen } from "./card.js";
import { act, button, make, picture } from "./elements.js";
import { go } from "./frame.js";
import { drillsScreen } from "./learn.js";
import { paidScreen } from "./paid.js";
import { answer, choose, visit } from "./visit.js";
import { writeScreen } from "./write.js";

export function choicesScreen() {
  return {
    name: "choices",
    title: say("kiosk_what"),
    body: [make("p", "hint", say("kiosk_what_hint"))],
    controls: [tiles(tapsUnder("")), act("row", "pen", "kiosk_write", () => go(writeScreen))],
    speak: () => [say("kiosk_what"), ...tapsUnder("").map(titleOf)],
  };
}

function kindsScreen(group) {
  const kinds = tapsUnder(group.id);
  return {
    name: "kinds",
    above: picture(group.picture),
    title: titleOf(group),
    body: [make("p", "hint", say("kiosk_which"))],
    controls: [
      tiles(kinds),
      group.tree ? act("row", "question", "kiosk_none_of_these", () => take(group)) : null,
    ],
    speak: () => [say("kiosk_which"), ...kinds.map(titleOf)],
  };
}

export function tiles(taps, does = touch) {
  const few = taps.length <= 6 ? " tiles--few" : "";
  return make("div", "tiles" + few, ...taps.map((tap) => tile(tap, does)));
}

function tile(tap, does) {
  return button("tile", () => does(tap), picture(tap.picture), make("span", "tile__title", titleOf(tap)));
}

function touch(tap) {
  if (tap.opens === "paid") return go(paidScreen);
  if (tap.opens === "learn") return go(drillsScreen);
  if (tapsUnder(tap.id).length) return go(() => kindsScreen(tap));
  return take(tap);
}

function take(tap) {
  choose(tap);
  goOn();
}

/* To the next question; in danger, or when nothing more need be asked, to the card. */
export function goOn() {
  const { question, urgency } = visit.node;
  if (urgency === "already-paid") return go(paidScreen);
  if (question && (urgency === "ask" || urgency === "warn")) return go(() => questionScreen(question));
  return go(cardScreen);
}

function questionScreen(question) {
  return {
    name: "question",
    above: picture(visit.tap.picture),
    title: t(book.questions[question]),
    body: [make("p", "hint", say("call_ask"))],
    controls: [answers(say, (word) => answerWith(word))],
    speak: () => [t(book.questions[question])],
  };
}

export function answerWith(word) {
  answer(word);
  goOn();
}

/* Yes, no, not sure. */
export function answers(sayIt, does) {
  return make(
    "div",
    "answers",
    ...["yes", "no", "unsure"].map((word) => button("big", () => does(word), sayIt(word))),
  );
}
