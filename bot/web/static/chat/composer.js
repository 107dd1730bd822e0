/* The box one writes in, and what is told above it when something goes wrong. */

import { calls } from "./cards.js";
import { button, make } from "./elements.js";
import { byId, data, say, shown } from "./page.js";

const LIMIT = 8000; // characters (code points), as the server counts them
const NEAR_LIMIT = 7500;

/* What is written, or {fault}: why it cannot be sent. */
export function written() {
  const text = byId("text").value.trim();
  if (!text) return { fault: "ui_empty" };
  return Array.from(text).length > LIMIT ? { fault: "ui_too_long" } : { text };
}

export function empty() {
  byId("text").value = "";
  fitBox();
}

/* Back into the box, before whatever was written meanwhile. */
export function putBack(text) {
  const box = byId("text");
  box.value = box.value.trim() ? text + "\n" + box.value : text;
  fitBox();
}

export function fitBox() {
  const box = byId("text");
  box.style.height = "auto";
  box.style.height = box.scrollHeight + 2 + "px"; // CSS caps it; the border is the 2
  const length = Array.from(box.value.trim()).length;
  const count = byId("count");
  count.hidden = length < NEAR_LIMIT;
  count.classList.toggle("composer__count--over", length > LIMIT);
  count.textContent = say(length > LIMIT ? "ui_over" : "ui_left", { count: Math.abs(LIMIT - length) });
}

export function hideTrouble() {
  byId("trouble").hidden = true;
  byId("trouble").replaceChildren();
}

/* `again` sends the kept words once more; there is none for a tap. */
export function showTrouble(outcome, again) {
  const box = byId("trouble");
  const unanswered = outcome.fault === "ui_offline" || outcome.fault === "ui_too_fast";
  const sentences = [say(outcome.fault, outcome.values)];
  if (again) sentences.push(say("ui_kept"));
  box.replaceChildren(make("p", "trouble__says", sentences.join(shown.language === "en" ? " " : "")));
  if (unanswered) {
    const first = data.numbers[shown.language].slice(0, outcome.fault === "ui_offline" ? 2 : 1);
    box.append(calls(first, true));
  }
  if (unanswered && again) {
    const retry = button("button", say("ui_retry"));
    retry.addEventListener("click", again);
    box.append(retry);
  }
  box.hidden = false;
}
