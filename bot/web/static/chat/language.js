/* The language of the page: every sentence marked with data-ui is replaced, the greeting and the numbers too. */

import { showInBar } from "./bar.js";
import { calls, choices } from "./cards.js";
import { showWarning } from "./check.js";
import { fitBox } from "./composer.js";
import { byId, data, say, shown } from "./page.js";

export function setLanguage(tag) {
  if (tag === shown.language) return;
  shown.language = tag;
  document.documentElement.lang = tag;
  for (const one of document.querySelectorAll("[data-ui]")) one.textContent = say(one.dataset.ui);
  for (const one of document.querySelectorAll("[data-ui-label]")) one.setAttribute("aria-label", say(one.dataset.uiLabel));
  for (const one of document.querySelectorAll("[data-ui-placeholder]")) one.placeholder = say(one.dataset.uiPlaceholder);
  for (const one of document.querySelectorAll("[data-language]")) {
    one.setAttribute("aria-pressed", String(one.dataset.language === tag));
  }
  byId("bar-bank").textContent = data.bank[tag];
  document.title = say("ui_title") + " · " + data.bank[tag];
  showInBar(data.numbers[tag][0]);
  byId("numbers").replaceChildren(...calls(data.numbers[tag], true).childNodes);
  greet();
  showWarning();
  fitBox();
}

/* Its buttons are for the beginning: later they would answer a question nobody sees. */
export function greet() {
  const greeting = data.greeting[shown.language];
  const [first, ...rest] = greeting.text.split("\n");
  const old = byId("log").childElementCount > 0;
  byId("greeting-text").textContent = first;
  byId("greeting-more").textContent = rest.join("\n").trim();
  const buttons = choices(greeting.buttons || []);
  for (const one of buttons.children) one.disabled = old;
  byId("greeting-buttons").replaceChildren(...buttons.childNodes);
}
