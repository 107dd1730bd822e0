// The time, by the server's clock as far as it is known: a device that lost its battery wakes up in another year.

import { recall, remember } from "./keep.js";

const WRONG_MS = 120_000;

let skew = recall("skew", 0);
const formats = new Map();

// How the server's time is heard: `began` is when it was asked, so that a slow line does not count as a wrong clock.
export function heard(serverNow, began) {
  const here = (began + Date.now()) / 2;
  skew = Math.round(serverNow - here);
  remember("skew", skew);
}

export function isWrong() {
  return Math.abs(skew) > WRONG_MS;
}

export function now() {
  return Date.now() + skew;
}

export function day(zone) {
  return format("en-CA", zone, { year: "numeric", month: "2-digit", day: "2-digit" });
}

export function timeOfDay(zone) {
  return format("en-GB", zone, { hour: "2-digit", minute: "2-digit" });
}

function format(locale, zone, parts) {
  const key = `${locale} ${zone}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: zone, ...parts }));
  return formats.get(key).format(now());
}
