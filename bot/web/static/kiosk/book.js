/* The content of the release, and how its words are said now. */

export const book = {};
export const shown = { language: document.documentElement.lang, plain: false, large: false };
const first = shown.language;

/* Takes over what the server answered. */
export async function load(response) {
  if (!response.ok) throw new Error("content.json: " + response.status);
  Object.assign(book, await response.json(), { etag: response.headers.get("ETag") || "" });
  document.body.dataset.version = book.version;
}

/* Words of the book in the language shown; `values` fill what they leave in braces. */
export function t(words, values) {
  const sentence = (words && (words[shown.language] || words["zh-Hans"])) || "";
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? String(values[name]) : whole));
}

/* A published reply by its id. */
export function say(id, values) {
  return t(book.words[id], values);
}

/* The other language: English, or the Chinese the kiosk began with. */
export function otherLanguage() {
  if (shown.language !== "en") return "en";
  return first === "en" ? "zh-Hans" : first;
}

/* As a new visitor finds it. */
export function resetWords() {
  Object.assign(shown, { language: first, plain: false, large: false });
}

export const tapsUnder = (id) => book.taps.filter((tap) => tap.under === id);
export const tapThatOpens = (name) => book.taps.find((tap) => tap.opens === name);
export const titleOf = (tap) => t(shown.plain ? tap.plain : tap.title);
