/* Approved numbers in published words become links: whoever reads "call 110" can tap it there. */

import { make } from "./elements.js";
import { data } from "./page.js";

const known = Object.keys(data.dial || {}).sort((one, other) => other.length - one.length);
const escaped = known.map((number) => number.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
// by itself: 96110 does not hold 110
const pattern = known.length ? new RegExp("(^|[^\\d+-])(" + escaped.join("|") + ")(?![\\d-])", "g") : null;

/* An element with the text, its numbers ready to tap. */
export function withNumbers(tag, className, text) {
  const element = make(tag, className);
  let at = 0;
  for (const found of pattern ? text.matchAll(pattern) : []) {
    const start = found.index + found[1].length;
    const link = make("a", "dial", found[2]);
    link.href = data.dial[found[2]];
    element.append(text.slice(at, start), link);
    at = start + found[2].length;
  }
  element.append(text.slice(at));
  return element;
}
