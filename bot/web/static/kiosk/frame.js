/* The frame of every screen: what is shown above, what is touched below, and the dock that is always there.
   A screen is a function that gives {name, title, body, controls, speak, tone, plainDock, leave}. */

import { make } from "./elements.js";
import { hush } from "./speech.js";
import { visit } from "./visit.js";

const stage = document.getElementById("stage");
const dock = document.getElementById("dock");
const way = []; // the screens on the way here, each with how things stood when it was entered
let current = {};
let dockOf = () => [];

export function setDock(makeDock) {
  dockOf = makeDock;
}

/* The first screen of a way; what was before it is forgotten. */
export function beginWith(screen) {
  way.length = 0;
  go(screen);
}

export function go(screen) {
  way.push({ screen, stood: { ...visit, answers: visit.answers.slice() } });
  draw();
}

/* In place of the screen shown now. */
export function goInstead(screen) {
  way.pop();
  go(screen);
}

export const canGoBack = () => way.length > 1;

export function back() {
  way.pop();
  const { stood } = way[way.length - 1];
  Object.assign(visit, stood, { answers: stood.answers.slice() });
  draw();
}

/* The same screen anew: another language, another size. */
export function draw() {
  hush();
  if (current.leave) current.leave();
  const screen = way[way.length - 1].screen();
  current = screen;
  stage.dataset.screen = screen.name;
  document.body.dataset.state = screen.name === "rest" ? "rest" : "busy";
  stage.classList.toggle("stage--toned", Boolean(screen.tone));
  if (screen.tone) stage.dataset.urgency = screen.tone;
  else delete stage.dataset.urgency;
  const title = make("h1", "display__title", screen.title);
  title.tabIndex = -1;
  stage.replaceChildren(
    make("section", "display", screen.above, title, ...(screen.body || [])),
    make("section", "controls", ...(screen.controls || [])),
  );
  dock.classList.toggle("dock--plain", Boolean(screen.plainDock));
  dock.replaceChildren(...dockOf(screen));
  stage.scrollTop = 0;
  title.focus({ preventScroll: true });
}

export const screenShown = () => current.name;
