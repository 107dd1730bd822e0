/* The card: one command, the numbers, who to speak to here; what else to do below. */

import { answers, answerWith } from "./ask.js";
import { book, say, shown, t } from "./book.js";
import { act, button, icon, make } from "./elements.js";
import { go } from "./frame.js";
import { paperScreen } from "./paper.js";
import { phoneScreen } from "./phone.js";
import { countAsked } from "./server.js";
import { known, visit } from "./visit.js";
import { tapped } from "./write.js";

const ICONS = { ask: "question", warn: "warn", "stop-now": "stop", "already-paid": "clock" };
const MOST_STEPS = 3;

export function cardScreen() {
  const { typology, urgency } = known();
  const { command, steps } = wordsOf(typology, urgency);
  if (!visit.said) countAsked(typology); // words are counted where they are read
  return {
    name: "card",
    tone: urgency,
    above: label(urgency),
    title: command,
    body: [numbers(urgency), make("p", "speak-here", icon("person"), make("span", "", say("kiosk_speak_here")))],
    controls: [questionOf(), list(steps.slice(0, MOST_STEPS)), actions(typology, urgency)],
    speak: () => [command, ...spokenNumbers(urgency), say("kiosk_speak_here"), ...steps.slice(0, MOST_STEPS)],
  };
}

/* What is said at an urgency: of the kind, or in the words of the last answer. */
export function wordsOf(typology, urgency) {
  const told = visit.said && visit.said.card;
  if (told && told.urgency === urgency) return told;
  const card = book.cards[typology] || book.cards.unknown;
  const at = card.at[urgency];
  return at[shown.language] || at["zh-Hans"];
}

export function label(urgency) {
  return make("p", "label", icon(ICONS[urgency]), make("span", "", say("urgency_" + urgency.replace("-", "_"))));
}

export function numbers(urgency) {
  const rows = book.numbers[urgency][shown.language].slice(0, 2);
  const box = make("div", "numbers");
  for (const row of rows) {
    const digits = /^[\d +-]+$/.test(row.number) ? "number__digits" : "number__words";
    box.append(make("p", "number", make("span", "number__label", row.label), make("span", digits, row.number)));
  }
  return make("div", "numbers-box", box, make("p", "hint", say("kiosk_own_phone")));
}

export function spokenNumbers(urgency) {
  // digit by digit: nobody dials "one hundred and ten"
  const spelled = (number) => number.replace(/\d/g, "$& ");
  return book.numbers[urgency][shown.language].slice(0, 2).map((row) => row.label + " " + spelled(row.number));
}

export function list(steps) {
  return steps.length ? make("ol", "steps", ...steps.map((step) => make("li", "", step))) : null;
}

function questionOf() {
  const told = visit.said;
  if (told) {
    if (!told.buttons.length) return null;
    const choices = told.buttons.map((one) => button("big", () => tapped(one.payload), one.title));
    return make("div", "asked", make("p", "asked__text", told.question), make("div", "answers", ...choices));
  }
  const question = visit.node && visit.node.question;
  if (!question || visit.paid) return null;
  return make("div", "asked", make("p", "asked__text", t(book.questions[question])), answers(say, answerWith));
}

export function actions(typology, urgency) {
  return make(
    "div",
    "actions",
    book.cards[typology] && typology !== "unknown" ? act("row", "question", "kiosk_why", () => go(() => whyScreen(typology))) : null,
    act("row", "mobile", "kiosk_phone", () => go(phoneScreen)),
    act("row", "printer", "kiosk_paper", () => go(() => paperScreen(typology, urgency))),
  );
}

function whyScreen(typology) {
  const card = book.cards[typology];
  const never = card.never.slice(0, 3).map((line) => t(line));
  const told = card.case
    ? make("div", "told", make("h2", "told__title", say("kiosk_like_this")), make("p", "", t(card.case.title)), make("p", "told__lesson", t(card.case.lesson)))
    : null;
  return {
    name: "why",
    above: make("p", "label", icon("question"), make("span", "", say("kiosk_looks_like"))),
    title: t(card.name),
    body: [make("p", "summary", t(card.summary))],
    controls: [make("h2", "told__title", say("kiosk_never")), make("ul", "steps", ...never.map((one) => make("li", "", one))), told],
    speak: () => [t(card.name), t(card.summary), say("kiosk_never"), ...never],
  };
}
