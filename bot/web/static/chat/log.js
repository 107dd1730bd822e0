/* The conversation on the page: bubbles, answers and cards, and where the eye is led. */

import { showInBar } from "./bar.js";
import { cardElement, choices, quotes } from "./cards.js";
import { button, icon, make, newName } from "./elements.js";
import { withNumbers } from "./numbers.js";
import { byId, say, shown, URGENT } from "./page.js";

export function bringIntoView(element, block) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.documentElement.style.scrollPaddingTop = document.querySelector(".bar").offsetHeight + 12 + "px";
  element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
}

export function addCustomer(text) {
  const bubble = make("div", "bubble");
  bubble.append(make("span", "unseen", say("ui_you") + " "), make("span", "bubble__text", text));
  const turn = addTurn("turn--mine", bubble);
  turn.setAttribute("aria-live", "off"); // a screen reader need not read back what was just written
  return turn;
}

/* Underlines the flagged words in the customer's own bubble; one button under it says why.
   Offsets count code points of the text as it was sent. */
export function underline(turn, text, flags) {
  const points = Array.from(text);
  const fits = flags.filter((flag) => flag.says && flag.start < flag.end && flag.end <= points.length);
  if (!fits.length) return;
  fits.sort((one, other) => one.start - other.start);
  const open = addReasons(turn, fits.map((flag) => ({ text: points.slice(flag.start, flag.end).join(""), says: flag.says })));
  const words = turn.querySelector(".bubble__text");
  words.textContent = "";
  let at = 0;
  for (const flag of fits) {
    if (flag.start < at) continue; // overlaps the one before: listed, not underlined twice
    const mark = make("mark", "flagged", points.slice(flag.start, flag.end).join(""));
    mark.addEventListener("click", () => open(true));
    words.append(points.slice(at, flag.start).join(""), mark);
    at = flag.end;
  }
  words.append(points.slice(at).join(""));
}

/* The folded list under a bubble; gives what opens and closes it. */
function addReasons(turn, items) {
  const list = quotes(items);
  list.id = newName("flags");
  const toggle = button("bubble__why", "");
  const open = (wide) => {
    list.hidden = !wide;
    toggle.setAttribute("aria-expanded", String(wide));
  };
  toggle.append(make("span", "", say("ui_flags")), icon("chevron"));
  toggle.setAttribute("aria-controls", list.id);
  toggle.addEventListener("click", () => open(list.hidden));
  open(false);
  turn.querySelector(".bubble").append(toggle, list);
  return open;
}

/* Shows the messages of one answer. A question sent after its card is asked inside the card, under the numbers. */
export function showMessages(answer) {
  const messages = (answer.messages || []).slice();
  const asked = answer.assessment && answer.assessment.question ? answer.assessment.question.text : "";
  let first = null;
  let top = null;
  for (let i = 0; i < messages.length; i += 1) {
    const message = messages[i];
    let question = null;
    if (message.card) {
      question = { text: message.card.question || asked, buttons: message.buttons || [] };
      const next = messages[i + 1];
      if (!question.buttons.length && next && !next.card && next.buttons && next.buttons.length) {
        question = { text: next.text, buttons: next.buttons };
        i += 1;
      }
    }
    const turn = addAssistant(message, question, first !== null && !messages[i - 1].card);
    first = first || turn;
    if (message.card) top = turn;
    // An urgent card begins with the police of the place the customer is in: the bar follows it.
    if (message.card && URGENT.includes(message.card.urgency)) showInBar((message.card.numbers || [])[0]);
  }
  if (top) announce(top);
  if (first) bringIntoView(first, "start");
}

function addTurn(className, ...content) {
  const turn = make("div", "turn " + className);
  turn.lang = shown.language;
  turn.append(...content);
  byId("log").append(turn);
  return turn;
}

/* `goesOn`: the words before were the machine's too, and said so. */
function addAssistant(message, question, goesOn) {
  if (message.card) return addTurn("turn--card", cardElement(message.card, question));
  const content = [];
  if (!goesOn) {
    const from = make("p", "from");
    from.append(icon("machine"), make("span", "", say("ui_assistant")));
    content.push(from);
  }
  if (message.text) content.push(withNumbers("p", "answer", message.text));
  if (message.buttons && message.buttons.length) content.push(choices(message.buttons));
  return addTurn("turn--text", ...content);
}

/* Urgent commands interrupt what a screen reader is saying; the card itself is read after it, in the log. */
function announce(turn) {
  const card = turn.querySelector(".card");
  if (!URGENT.includes(card.dataset.urgency)) return;
  const wanted = [".card__urgency", ".card__command", ".call__label", ".call .number"];
  const parts = wanted.map((selector) => card.querySelector(selector));
  byId("alert").textContent = parts.filter(Boolean).map((part) => part.textContent.trim()).join(" ");
}
