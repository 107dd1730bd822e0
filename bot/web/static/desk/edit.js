// The form of a piece: lists without a round trip, the piece kept open, and nothing lost by a slip.

import { growLists } from "./lists.js";
import { keepOpen } from "./keep.js";
import { numberLines } from "./lines.js";

const form = document.getElementById("writing");
const text = document.getElementById("text");

growLists(form);
if (text) numberLines(text, document.getElementById("numbers"));
if (form.dataset.lock) keepOpen(form);

let touched = false;
form.addEventListener("input", () => (touched = true));
form.addEventListener("submit", () => (touched = false));
window.addEventListener("beforeunload", (event) => {
  if (touched) event.preventDefault();
});
