// The dot sign: one screen of one line at a time, each as long as the sign's rules say.

import { keepBeating } from "../device/beat.js";
import * as clock from "../device/clock.js";
import { storage } from "../device/keep.js";
import * as ledger from "../device/ledger.js";
import { installWorker } from "../device/offline.js";
import { allowed, atNow } from "./choose.js";
import { keepListening } from "./list.js";
import { mark } from "./mark.js";

const given = JSON.parse(document.getElementById("words").textContent);
const sign = document.getElementById("sign");
const PASSES = 2;
const EMPTY_SECONDS = 5;

let queue = [];
let at = 0;
let shown = null;
let timer = 0;

const state = keepListening(`/screen/led.json?panels=${given.panels}`, told, pairAgain);
keepBeating(seen, pairAgain);
installWorker("/screen/sw.js", "/screen");
next();

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

function told() {
  queue = [];
  clearTimeout(timer);
  next();
}

function next() {
  if (!queue.length) queue = passes();
  const screen = queue.shift();
  sign.replaceChildren(...(screen ? [drawn(screen.svg)] : []));
  shown = screen ? { kind: "led", piece: screen.piece, title: screen.text, lines: [], width: innerWidth, height: innerHeight } : null;
  if (screen?.first) ledger.count(screen.piece, clock.day(zone()));
  mark([...troubles(), ...(clock.isWrong() ? ["clock"] : []), ...(storage.full ? ["storage"] : []), ...(state.paired ? [] : ["unpaired"])]);
  timer = setTimeout(next, (screen ? screen.seconds : EMPTY_SECONDS) * 1000);
}

// A line stands for two passes, so that who looks up late reads it whole.
function passes() {
  const list = state.list;
  const now = list && atNow(list, zone());
  const lines = list ? list.lines.filter((line) => allowed(line, now)) : [];
  if (!lines.length) return [];
  const line = lines[at % lines.length];
  at = (at + 1) % lines.length;
  return Array.from({ length: PASSES }, (_, pass) =>
    line.screens.map((screen, place) => ({ ...screen, piece: line.piece, first: pass === 0 && place === 0 })),
  ).flat();
}

function drawn(svg) {
  return document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
}

function troubles() {
  return [...(state.offline ? ["offline"] : []), ...(shown ? [] : ["empty"])];
}
