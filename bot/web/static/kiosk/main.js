/* The kiosk: from rest to the card and back, and nothing left behind. */

import { choicesScreen } from "./ask.js";
import { book, load, otherLanguage, resetWords, say, shown } from "./book.js";
import { act, icon, loadIcons, make } from "./elements.js";
import { back, beginWith, canGoBack, draw, go, screenShown, setDock } from "./frame.js";
import { callPerson, callQuietly } from "./help.js";
import { rest as restIdle, stay, watchIdle } from "./idle.js";
import { paidScreen } from "./paid.js";
import { restScreen } from "./rest.js";
import { wipe } from "./server.js";
import { hush, isSpeaking, speak } from "./speech.js";
import { forgetVisit, visit } from "./visit.js";

const NEWER_MS = 4000;

function dock(screen) {
  const first = make("div", "dock__first");
  if (screen.name !== "paid" && screen.name !== "saving") {
    first.append(act("big big--alarm", "clock", "kiosk_paid", fromRest(() => go(paidScreen))));
  }
  first.append(act("big big--person", "person", "kiosk_person", fromRest(callPerson)));
  const more = make("div", "dock__more");
  if (canGoBack()) more.append(key("back", "kiosk_back", back));
  if (screen.speak) more.append(readButton(screen));
  more.append(key("globe", "kiosk_language", switchLanguage));
  if (screen.name !== "rest") {
    more.append(mode("large", "kiosk_large"), mode("plain", "kiosk_plain"));
    more.append(key("broom", "kiosk_over", leave));
  }
  if (!screen.plainDock) more.append(key("talk", "kiosk_quiet", fromRest(callQuietly)));
  return [first, more];
}

const key = (iconName, id, does) => act("key", iconName, id, does);

function mode(name, id) {
  const element = key(name === "large" ? "type" : "plain", id, () => {
    shown[name] = !shown[name];
    applyModes();
    draw();
  });
  element.setAttribute("aria-pressed", String(shown[name]));
  return element;
}

function readButton(screen) {
  const element = act("key", "speaker", "kiosk_read", () => {
    if (isSpeaking()) return hush();
    const heard = speak(screen.speak().join("\n"), () => {
      element.querySelector("span").textContent = say("kiosk_read");
      stay();
    });
    element.querySelector("span").textContent = say(heard ? "kiosk_hush" : "kiosk_read");
    if (!heard) tellNoVoice();
  });
  return element;
}

function tellNoVoice() {
  const note = make("p", "note", icon("talk"), make("span", "", say("kiosk_no_voice")));
  note.setAttribute("role", "status");
  document.querySelector(".note")?.remove();
  document.querySelector(".display").append(note);
}

function switchLanguage() {
  shown.language = otherLanguage();
  applyModes();
  draw();
}

function applyModes() {
  const root = document.documentElement;
  root.lang = shown.language;
  root.classList.toggle("large", shown.large);
  document.title = say("kiosk_title");
}

/* Somebody is here: from now on the visit is watched. */
function fromRest(does) {
  return () => {
    stay();
    if (screenShown() === "rest") beginWith(choicesScreen);
    does();
  };
}

function leave() {
  const gone = visit.conversation;
  restIdle();
  hush();
  forgetVisit();
  resetWords();
  applyModes();
  document.getSelection()?.removeAllRanges();
  beginWith(restScreen);
  wipe(gone);
}

/* At rest a touch anywhere begins. */
document.getElementById("stage").addEventListener("click", () => {
  if (screenShown() !== "rest") return;
  stay();
  beginWith(choicesScreen);
});

// a page the browser kept is no page to come back to
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

/* A newer release is taken over at rest, within seconds; who is in the middle of something keeps his words. */
async function keepUp() {
  try {
    if (screenShown() === "rest") await takeNewer();
  } catch (unreachable) {
    // what is here goes on
  }
  setTimeout(keepUp, NEWER_MS);
}

async function takeNewer() {
  const answer = await fetch("/kiosk/content.json", { cache: "no-store", headers: { "If-None-Match": book.etag } });
  // what the worker kept is here already
  if (answer.status !== 200 || answer.headers.has("X-From-Cache")) return;
  await load(answer);
  if (screenShown() === "rest") draw();
}

await Promise.all([loadIcons(), fetch("/kiosk/content.json").then(load)]);
setDock(dock);
watchIdle(leave);
beginWith(restScreen);
document.getElementById("unopened").remove();
setTimeout(keepUp, NEWER_MS);
