// The loop of a screen. A release reaches it within five seconds; without a line it goes on with the last one.

import { keepBeating } from "../device/beat.js";
import * as clock from "../device/clock.js";
import { storage } from "../device/keep.js";
import * as ledger from "../device/ledger.js";
import { installWorker } from "../device/offline.js";
import { allowed, atNow, clockIsLost, turns, urgent } from "./choose.js";
import { described, hasLongClause, reveal, slide } from "./draw.js";
import { keepListening } from "./list.js";
import { mark } from "./mark.js";

const given = JSON.parse(document.getElementById("words").textContent);
const stage = document.getElementById("stage");
const footer = document.getElementById("ticker");
const sentence = document.getElementById("sentence");
const URGENT_SECONDS = 12;
const REST_SECONDS = 10;
const REVEAL_AT = 0.6;

const take = turns();
let words = given.words[given.language];
let shown = null;
let urgentShown = "";
let urgentTurn = 0;
let timer = 0;
let revealTimer = 0;
let tick = 0;
let at = 0;

const state = keepListening("/screen/playlist.json", told, pairAgain);
keepBeating(seen, pairAgain);
installWorker("/screen/sw.js", "/screen");
next();
nextSentence();
setInterval(everySecond, 1000);

// The hours are those of the place, where it has a zone of its own.
function zone() {
  return state.list?.zone || given.zone;
}

function pairAgain() {
  if (state.paired) location.replace("/device");
}

function seen() {
  if (!state.list || !state.paired) return null;
  return { version: state.list.version, troubles: troubles(), showing: shown };
}

function told(list) {
  words = given.words[list.language];
  document.documentElement.lang = list.language;
  document.getElementById("bank").textContent = list.place ? `${list.bank} · ${list.place}` : list.bank;
  if (urgentOf(list) !== urgentShown || !shown?.piece) next();
  if (footer.hidden) nextSentence();
}

function urgentOf(list) {
  return JSON.stringify(urgent(list, atNow(list, zone())).map((item) => [item.piece, item.title, item.lines]));
}

function next() {
  clearTimeout(timer);
  clearTimeout(revealTimer);
  const list = state.list;
  const moment = list && atNow(list, zone());
  const pressing = list ? urgent(list, moment) : [];
  urgentShown = list ? urgentOf(list) : "";
  if (pressing.length) {
    const item = pressing[urgentTurn % pressing.length];
    urgentTurn = (urgentTurn + 1) % pressing.length;
    const left = Math.max(0, item.until - clock.now());
    return present(item, "urgent", Math.min(URGENT_SECONDS * 1000, left));
  }
  const item = list && take(list.items.filter((one) => allowed(one, moment)));
  if (item) return present(item, item.kind, item.seconds * 1000);
  const rest = { title: words.screen_rest_title, lines: [words.screen_rest_line] };
  present(rest, "screen", REST_SECONDS * 1000);
}

function present(item, look, milliseconds) {
  const made = slide(item, look, words);
  stage.replaceChildren(made);
  if (hasLongClause(made)) made.classList.add("is-loose");
  if (made.scrollHeight > stage.clientHeight) made.classList.add("is-tight");
  shown = described(item, look);
  if (item.piece) ledger.count(item.piece, clock.day(zone()));
  if (item.kind === "quiz") revealTimer = setTimeout(() => reveal(made, item), milliseconds * REVEAL_AT);
  timer = setTimeout(next, milliseconds);
}

function nextSentence() {
  clearTimeout(tick);
  const list = state.list;
  const now = list && atNow(list, zone());
  const all = list ? list.ticker.filter((one) => allowed(one, now)) : [];
  footer.hidden = !all.length;
  const one = all.length ? all[at % all.length] : null;
  at = all.length ? (at + 1) % all.length : 0;
  sentence.textContent = one ? one.text : "";
  tick = setTimeout(nextSentence, (one ? Math.max(8, one.seconds) : 5) * 1000);
}

function troubles() {
  return [...(state.offline ? ["offline"] : []), ...(shown && !shown.piece ? ["empty"] : [])];
}

function everySecond() {
  const list = state.list;
  document.getElementById("time").textContent = list ? clock.timeOfDay(zone()) : "";
  if (list && urgentOf(list) !== urgentShown) next();
  const wrong = clock.isWrong() || (list && clockIsLost(list, zone()));
  mark([
    ...troubles(),
    ...(wrong ? ["clock"] : []),
    ...(storage.full ? ["storage"] : []),
    ...(state.paired ? [] : ["unpaired"]),
  ]);
}
