/* The chat page: what is tapped, typed and chosen, handed to those who know what to do. */

import { showWarning } from "./check.js";
import { fitBox } from "./composer.js";
import { report } from "./events.js";
import { greet, setLanguage } from "./language.js";
import { byId, shown } from "./page.js";
import { dropPicture, offerPictures } from "./picture.js";
import { choose, giveFeedback, goOn, startOver, submit } from "./talk.js";

const menu = byId("menu");

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
byId("text").addEventListener("input", fitBox);
byId("text").addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229; // Enter picks a word in a Chinese input method
  if (event.key !== "Enter" || event.shiftKey || composing) return;
  event.preventDefault();
  submit();
});

// toggle does not bubble: it is caught on its way down
document.addEventListener("toggle", ({ target }) => target.open && report("case", target.dataset.case, "opened"), true);
document.addEventListener("click", (event) => {
  if (menu.open && !menu.contains(event.target)) menu.open = false;
  const tapped = event.target.closest("button[data-payload]");
  if (!tapped) return;
  if (tapped.closest(".feedback")) giveFeedback(tapped);
  else choose(tapped, event.detail === 0);
});

for (const one of document.querySelectorAll("[data-language]")) {
  one.addEventListener("click", () => {
    shown.chosen = one.dataset.language;
    setLanguage(shown.chosen);
    closeMenu();
  });
}
byId("restart").addEventListener("click", () => {
  menu.open = false;
  dropPicture();
  startOver();
});
menu.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenu();
});

function closeMenu() {
  menu.open = false;
  menu.querySelector("summary").focus();
}

greet();
fitBox();
showWarning();
offerPictures();
byId("unopened").remove();

const brought = new URLSearchParams(location.search).get("continue");
if (brought) {
  history.replaceState(null, "", location.pathname); // the code works once: it is kept nowhere
  goOn(brought);
}
