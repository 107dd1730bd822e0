/* Reading aloud with the browser's own voice; where there is none, that is said in words. */

import { shown } from "./book.js";

const LANGUAGE = { "zh-Hans": "zh-CN", "zh-Hant": "zh-HK", en: "en-US" };
const LONGEST_MS = 120000; // some voices never say that they have finished

let timer = null;
let ended = () => {};

if (window.speechSynthesis) speechSynthesis.getVoices(); // the list comes late the first time

export const isSpeaking = () => timer !== null;

/* Whether it can be read at all; `done` is told when it has been. */
export function speak(text, done) {
  hush();
  const voice = voiceFor(LANGUAGE[shown.language]);
  if (!voice) return false;
  const words = new SpeechSynthesisUtterance(text);
  Object.assign(words, { voice, lang: voice.lang, rate: 0.9 });
  const finish = () => {
    if (ended === finish) hush();
  };
  words.onend = finish;
  words.onerror = finish;
  ended = finish;
  after = done;
  timer = setTimeout(finish, LONGEST_MS);
  speechSynthesis.speak(words);
  return true;
}

let after = () => {};

export function hush() {
  if (timer === null) return;
  clearTimeout(timer);
  timer = null;
  ended = () => {};
  speechSynthesis.cancel();
  after();
}

function voiceFor(tag) {
  const voices = window.speechSynthesis ? speechSynthesis.getVoices() : [];
  const same = (voice) => voice.lang.replace("_", "-").toLowerCase();
  const own = voices.filter((voice) => voice.localService); // no text goes to a voice in the net
  return own.find((v) => same(v) === tag.toLowerCase()) || own.find((v) => same(v).startsWith(tag.slice(0, 2))) || null;
}
