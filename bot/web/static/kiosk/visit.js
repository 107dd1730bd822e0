/* One visitor: how far he has come. Kept in this variable and nowhere else, so that nothing is left when it goes. */

export let visit = begin();

function begin() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return {
    conversation: "kiosk-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    tap: null, // the choice that leads to a card
    node: null, // where he stands on its way
    answers: [],
    paid: false,
    paidBy: "",
    said: null, // the last answer to words of his own
    counted: new Set(), // kinds already counted for this visitor
  };
}

export function forgetVisit() {
  visit = begin();
}

export function choose(tap) {
  Object.assign(visit, { tap, node: tap.tree, answers: [], paid: false, paidBy: "", said: null });
}

export function answer(word) {
  visit.answers.push(word);
  visit.node = visit.node.then[word];
  if (visit.node.urgency === "already-paid") visit.paid = true;
}

/* What is known now: {typology, urgency}. */
export function known() {
  const card = visit.said && visit.said.card;
  const told = card ? { typology: (card.typology && card.typology.id) || "unknown", urgency: card.urgency } : null;
  const { typology, urgency } = told || visit.node || { typology: "unknown", urgency: "ask" };
  return { typology, urgency: visit.paid ? "already-paid" : urgency };
}
