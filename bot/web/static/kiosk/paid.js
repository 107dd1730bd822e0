/* The money is gone: the police first, then what can still be saved by the way it was paid. */

import { tiles } from "./ask.js";
import { say, tapsUnder, tapThatOpens } from "./book.js";
import { actions, label, list, numbers, spokenNumbers, wordsOf } from "./card.js";
import { act, lines, make } from "./elements.js";
import { go } from "./frame.js";
import { countAsked } from "./server.js";
import { known, visit } from "./visit.js";

const GONE = "already-paid";

export function paidScreen() {
  visit.paid = true;
  const { typology } = known();
  const { command } = wordsOf(typology, GONE);
  countAsked(typology);
  const ways = tapThatOpens("paid") ? tapsUnder(tapThatOpens("paid").id) : [];
  return {
    name: "paid",
    tone: GONE,
    above: label(GONE),
    title: command,
    body: [numbers(GONE)],
    controls: [
      make("p", "asked__text", say("kiosk_how_paid")),
      tiles(ways, (way) => paidBy(way.pays)),
      act("row", "question", "kiosk_other_way", () => paidBy("")),
    ],
    speak: () => [command, ...spokenNumbers(GONE), say("kiosk_how_paid")],
  };
}

function paidBy(method) {
  visit.paidBy = method;
  go(savingScreen);
}

function savingScreen() {
  const { typology } = known();
  const what = lines(say(visit.paidBy ? "first_aid_" + visit.paidBy : "call_paid"));
  const common = lines(say("first_aid_common"));
  return {
    name: "saving",
    tone: GONE,
    above: label(GONE),
    title: what[0],
    body: [list(what.slice(1)), numbers(GONE)],
    controls: [make("h2", "told__title", say("kiosk_next")), list(common), actions(typology, GONE)],
    speak: () => [...what, ...spokenNumbers(GONE), ...common],
  };
}
