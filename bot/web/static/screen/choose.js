// What may be shown now, and in which order.

import * as clock from "../device/clock.js";

const DAY_MS = 86_400_000;

// The list knows the day it was made on, by the bank's time; a clock before that is wrong, zones apart.
export function clockIsLost(list, zone) {
  return Date.parse(list.day) - Date.parse(clock.day(zone)) > DAY_MS;
}

// Where the clock is lost, the list's own day counts, and hours do not.
export function atNow(list, zone) {
  return clockIsLost(list, zone) ? { day: list.day, time: "" } : { day: clock.day(zone), time: clock.timeOfDay(zone) };
}

export function allowed(item, { day, time }) {
  if (item.start > day || item.end < day) return false;
  return !time || !item.dayparts.length || item.dayparts.some(([from, to]) => from <= time && time < to);
}

export function urgent(list, at) {
  return list.urgent.filter((item) => item.until > clock.now() && item.start <= at.day);
}

const LEARNING = new Set(["handbook", "quiz"]);

// Two that warn, then one to learn from, each group in its own round.
export function turns() {
  let step = 0;
  const rounds = { warn: 0, learn: 0 };
  return (items) => {
    const learn = items.filter((item) => LEARNING.has(item.kind));
    const warn = items.filter((item) => !LEARNING.has(item.kind));
    const name = learn.length && (!warn.length || step % 3 === 2) ? "learn" : "warn";
    const group = name === "learn" ? learn : warn;
    step += 1;
    if (!group.length) return null;
    const item = group[rounds[name] % group.length];
    rounds[name] = (rounds[name] + 1) % group.length;
    return item;
  };
}
