/* What the server put into the page: every sentence, number and greeting, by language; and the language shown now. */

export const data = JSON.parse(document.getElementById("page-data").textContent);
export const URGENT = ["stop-now", "already-paid"];

export const shown = {
  language: data.language,
  chosen: null, // set only when the customer picks one in the menu
};

export const byId = (id) => document.getElementById(id);

/* A published sentence; `values` fill what it leaves in braces. */
export function say(id, values) {
  const sentence = (data.words[shown.language] || {})[id] || "";
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? String(values[name]) : whole));
}
