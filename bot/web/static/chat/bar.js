/* The slim bar: the police of the place the customer is in stay one tap away. */

import { byId } from "./page.js";

export function showInBar(row) {
  const bar = byId("bar-call");
  if (!bar || !row || !/^tel:/.test(row.href || "")) return;
  bar.href = row.href;
  bar.querySelector(".bar__call-label").textContent = row.label;
  bar.querySelector(".number").textContent = row.number;
}
