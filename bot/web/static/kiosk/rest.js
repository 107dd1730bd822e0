/* At rest: warnings, tips and cases in turn; what this branch is asked about comes more often. */

import { book, say, t } from "./book.js";
import { icon, make } from "./elements.js";
import { askedHere } from "./server.js";

const ASKED_WEIGHT = 3;
const URGENT_WEIGHT = 2;
const ASK_AGAIN_MS = 10 * 60 * 1000;

const turns = new Map(); // item id -> how much its turn is due
let asked = {};
let askedAt = -ASK_AGAIN_MS;
let timer = null;

export function restScreen() {
  if (performance.now() - askedAt > ASK_AGAIN_MS) learnWhatIsAsked();
  const item = nextItem(inForce());
  const place = make("div", "slide");
  clearTimeout(timer);
  showItem(place, item);
  return {
    name: "rest",
    title: say("kiosk_rest_lead"),
    body: [place],
    controls: [
      make("button", "big big--main big--start", icon("send"), make("span", "", say("kiosk_rest_touch"))),
      make("p", "small", say("kiosk_machine")),
    ],
    leave: () => clearTimeout(timer),
  };
}

/* Those whose days and place it is now. */
export function inForce() {
  const today = new Date().toLocaleDateString("sv-SE"); // as 2026-11-30
  const here = document.body.dataset.place;
  return book.loop.filter(
    (item) =>
      (!item.start || (item.start <= today && today <= item.end)) &&
      item.places.some((place) => place === "all" || place === here),
  );
}

/* Every item in turn, the heavier ones oftener: the one most due goes next and waits longest again. */
export function nextItem(items) {
  let total = 0;
  let next = null;
  for (const item of items) {
    const weight = weightOf(item);
    total += weight;
    turns.set(item.id, (turns.get(item.id) || 0) + weight);
    if (!next || turns.get(item.id) > turns.get(next.id)) next = item;
  }
  if (next) turns.set(next.id, turns.get(next.id) - total);
  return next;
}

function weightOf(item) {
  return item.typology in asked ? ASKED_WEIGHT : item.priority === 1 ? URGENT_WEIGHT : 1;
}

export async function learnWhatIsAsked() {
  askedAt = performance.now();
  const answer = await askedHere();
  if (answer) asked = answer.typologies;
}

function showItem(place, item) {
  if (!item) return;
  const kind = make("p", "slide__kind", say("kiosk_kind_" + item.kind));
  const lines = make("div", "slide__lines", ...item.lines.map((line) => make("p", "", t(line))));
  const label = item.ai_made ? make("p", "slide__ai", say("kiosk_ai")) : null;
  place.replaceChildren(...[kind, make("h2", "slide__title", t(item.title)), lines, label].filter(Boolean));
  timer = setTimeout(() => showItem(place, nextItem(inForce())), item.seconds * 1000);
}
