/* Learning: the screen plays the other side in harmless words, the visitor finds what is wrong with them. */

import { book, say, t } from "./book.js";
import { act, button, icon, make, picture } from "./elements.js";
import { go, goInstead } from "./frame.js";
import { countDrill } from "./server.js";

export function drillsScreen() {
  return {
    name: "drills",
    title: say("kiosk_learn_title"),
    body: [make("p", "hint", say("kiosk_learn_hint"))],
    controls: [make("div", "tiles", ...book.drills.map(drillTile))],
    speak: () => [say("kiosk_learn_title"), say("kiosk_learn_hint")],
  };
}

function drillTile(drill) {
  const tap = book.taps.find((one) => one.typology === drill.typology || (one.tree && one.tree.typology === drill.typology));
  const drawn = picture(tap ? tap.picture : "learn");
  const begin = () => {
    countDrill(drill.id, "shown");
    go(drillScreen(drill));
  };
  return button("tile", begin, drawn, make("span", "tile__title", t(drill.title)));
}

/* What was touched is kept between drawings of the same drill. */
function drillScreen(drill) {
  const touched = new Set();
  let done = false;
  const finish = () => {
    done = true;
    goInstead(screen);
  };
  const screen = () => {
    const flags = drill.lines.filter((line) => line.flag).length;
    const found = [...touched].filter((index) => drill.lines[index].flag).length;
    const end = done
      ? act("big big--main", "chevron", "kiosk_drill_to_question", () => go(lastQuestion(drill)))
      : act("big big--main", "tick", "kiosk_drill_done", finish);
    return {
      name: "drill",
      above: make("p", "label", icon("machine"), make("span", "", say("kiosk_drill_plays"))),
      title: done ? say("kiosk_drill_found", { count: found, limit: flags }) : say("kiosk_drill_hint"),
      body: [],
      controls: [make("div", "bubbles", ...drill.lines.map((line, index) => bubble(line, index, touched, done))), end],
      speak: () => drill.lines.map((line) => t(line.says)),
    };
  };
  return screen;
}

function bubble(line, index, touched, done) {
  const words = make("span", "bubble__text", t(line.says));
  const because = make("span", "bubble__because");
  const element = button("bubble", () => show(touched.add(index)), words, because);
  const show = () => {
    const open = touched.has(index) || (done && line.flag);
    element.setAttribute("aria-pressed", String(touched.has(index)));
    element.dataset.found = open ? (line.flag ? "flag" : "fine") : "";
    const missed = line.flag && !touched.has(index) ? say("kiosk_drill_missed") + " · " : "";
    because.textContent = open ? missed + (line.flag ? t(line.flag) : say("kiosk_drill_fine")) : "";
  };
  show();
  return element;
}

function lastQuestion(drill) {
  let taken = 0;
  const screen = () => ({
    name: "quiz",
    above: make("p", "label", icon("question"), make("span", "", say("kiosk_drill_question"))),
    title: t(drill.question),
    body: taken ? [verdict(drill, taken)] : [],
    controls: [
      make("div", "options", ...drill.options.map((option, index) => optionButton(drill, option, index + 1, taken, take))),
      taken ? act("row", "restart", "kiosk_drill_next", () => go(drillsScreen)) : null,
    ],
    speak: () => [t(drill.question), ...drill.options.map((one) => t(one)), ...(taken ? [t(drill.why)] : [])],
  });
  const take = (number) => {
    taken = number;
    countDrill(drill.id, number === drill.right ? "right" : "wrong");
    goInstead(screen);
  };
  return screen;
}

function optionButton(drill, option, number, taken, take) {
  const element = button("big", () => take(number), t(option));
  if (taken) element.dataset.found = number === drill.right ? "right" : number === taken ? "wrong" : "";
  element.disabled = taken > 0;
  return element;
}

function verdict(drill, taken) {
  const words = say(taken === drill.right ? "kiosk_right" : "kiosk_wrong");
  return make("p", "summary", icon(taken === drill.right ? "tick" : "warn"), make("span", "", words + " " + t(drill.why)));
}
