/* The warning in force beside the chat, and its one question: was it understood? */

import { button, icon, make } from "./elements.js";
import { report } from "./events.js";
import { withNumbers } from "./numbers.js";
import { byId, data, say, shown } from "./page.js";

export function showWarning() {
  const place = byId("warning");
  const warning = (data.warning || {})[shown.language];
  if (!place || !warning) return;
  const title = make("h2", "note__title");
  title.append(icon("warn"), make("span", "", warning.title));
  const parts = [title, withNumbers("p", "", warning.text)];
  if (warning.quiz) parts.push(checkOf(warning));
  place.replaceChildren(...parts);
  place.hidden = false;
  report("warning", warning.id, "shown");
}

function checkOf({ id, quiz }) {
  const box = make("details", "check");
  const summary = make("summary", "check__title");
  summary.append(make("span", "", say("ui_check")), icon("chevron"));
  const options = make("div", "choices choices--long");
  const said = make("p", "check__said");
  said.setAttribute("role", "status");
  quiz.options.forEach((option, index) => {
    const one = button("choice", option);
    one.addEventListener("click", () => {
      const right = index + 1 === quiz.right;
      for (const each of options.children) each.disabled = true;
      one.classList.add("choice--taken");
      said.textContent = say(right ? "ui_check_right" : "ui_check_wrong", { value: quiz.options[quiz.right - 1] }) + " " + quiz.why;
      said.scrollIntoView({ block: "nearest" });
      for (const [kind, key] of [["warning", id], ["quiz", quiz.id]]) report(kind, key, right ? "right" : "wrong");
    });
    options.append(one);
  });
  box.append(summary, make("p", "check__question", quiz.question), options, said);
  return box;
}
