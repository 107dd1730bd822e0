/* A person: openly, or quietly for somebody who is watched. */

import { say } from "./book.js";
import { icon, lines, make } from "./elements.js";
import { numbers } from "./card.js";
import { go, screenShown } from "./frame.js";
import { ringForHelp } from "./server.js";

export function callPerson() {
  const told = make("p", "summary", say("kiosk_person_calling"));
  told.setAttribute("role", "status");
  ringForHelp("person", (heard) => {
    told.textContent = say(heard ? "kiosk_person_sent" : "kiosk_person_unsent");
  });
  if (screenShown() !== "person") go(() => personScreen(told));
}

function personScreen(told) {
  return {
    name: "person",
    above: make("p", "label", icon("person")),
    title: say("kiosk_person_title"),
    body: [told],
    controls: [make("p", "summary", say("kiosk_person_meanwhile")), numbers("stop-now")],
    speak: () => [say("kiosk_person_title"), told.textContent, say("kiosk_person_meanwhile")],
  };
}

/* The page looks like any other; nobody who glances at it learns that somebody was called. */
export function callQuietly() {
  ringForHelp("quiet", () => {});
  go(ordinaryScreen);
}

function ordinaryScreen() {
  return {
    name: "ordinary",
    title: say("kiosk_ordinary_title"),
    body: [],
    controls: [make("ul", "steps", ...lines(say("kiosk_ordinary_lines")).map((line) => make("li", "", line)))],
    plainDock: true,
  };
}
