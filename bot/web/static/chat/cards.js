/* The card and its pieces, as elements. Nothing here listens or sends: what a tap means is the page's to say. */

import { button, icon, make, newName } from "./elements.js";
import { withNumbers } from "./numbers.js";
import { data, say, URGENT } from "./page.js";

const URGENCY_ICONS = { none: "talk", ask: "question", warn: "warn", "stop-now": "stop", "already-paid": "clock" };

/* Numbers to call; `quiet` is the list beside a calm page. */
export function calls(rows, quiet) {
  const box = make("div", quiet ? "calls calls--quiet" : rows.length > 2 ? "calls calls--many" : "calls");
  for (const row of rows) {
    const tappable = /^(tel:|sms:|https:)/.test(row.href || "");
    const link = make(tappable ? "a" : "div", tappable ? "call" : "call call--read");
    if (tappable) link.href = row.href;
    const template = quiet || !/^tel:/.test(row.href || "") ? "{label} {number}" : say("ui_call");
    const [before, after] = template.replace("{label}", row.label).split("{number}");
    if (!quiet && tappable) link.append(icon("phone"));
    link.append(make("span", "call__label", before.trim()), " ", make("span", "number", row.number), (after || "").trim());
    if (row.caution) link.append(" ", make("span", "call__caution", row.caution));
    box.append(link);
  }
  return box;
}

/* Answers to tap; each carries its payload. */
export function choices(buttons) {
  const long = buttons.some((one) => Array.from(one.title).length > (/[\u3400-\u9fff]/.test(one.title) ? 6 : 14));
  const box = make("div", long ? "choices choices--long" : "choices");
  for (const one of buttons) {
    const element = button("choice", one.title);
    element.dataset.payload = one.payload;
    box.append(element);
  }
  return box;
}

/* Words of the customer, each with what they give away. */
export function quotes(items) {
  const list = make("ul", "quotes");
  for (const item of items) {
    const row = make("li");
    if (item.text) row.append(make("q", "quotes__words", item.text));
    row.append(make("p", "quotes__says", item.says));
    list.append(row);
  }
  return list;
}

/* `question` is {text, buttons}: asked directly under the numbers. */
export function cardElement(card, question) {
  const box = make("article", "card");
  box.dataset.urgency = card.urgency;
  if (card.card_id) box.dataset.card = card.card_id;
  const head = headOf(card);
  box.setAttribute("aria-labelledby", head.querySelector(".card__command").id);
  box.append(head);
  if (question && question.buttons.length) {
    const part = make("section", "card__part card__part--ask");
    part.append(make("h3", "card__question", question.text || say("ui_choose")), choices(question.buttons));
    box.append(part);
  }
  if (card.steps && card.steps.length) {
    const title = URGENT.includes(card.urgency) ? "ui_else" : "ui_first";
    box.append(section(say(title), listOf("ol", "steps", card.steps)));
  }
  const reasons = reasonsOf(card);
  if (reasons.length) box.append(section(say("ui_why"), ...reasons));
  if (card.case) box.append(caseOf(card.case));
  if (card.never && card.never.length) box.append(unfold(say("ui_never"), listOf("ul", "never", card.never)));
  if (data.feedback) box.append(feedback());
  return box;
}

function headOf(card) {
  const head = make("div", "card__head");
  const label = make("p", "card__label");
  const urgency = card.label || say("urgency_" + card.urgency.replace("-", "_"));
  label.append(icon(URGENCY_ICONS[card.urgency] || "talk"), make("span", "card__urgency", urgency));
  label.append(make("span", "card__from", say("ui_assistant")));
  const command = make("h2", "card__command", card.command);
  command.id = newName("command");
  head.append(label, command);
  if (card.numbers && card.numbers.length) head.append(calls(card.numbers, false));
  return head;
}

function reasonsOf(card) {
  const reasons = [];
  if (card.typology) {
    const kind = make("p", "kind", say("ui_kind") + " ");
    kind.append(make("strong", "", card.typology.name));
    reasons.push(kind, make("p", "kind__summary", card.typology.summary));
  }
  if (card.why && card.why.length) reasons.push(quotes(card.why));
  return reasons;
}

function caseOf({ id, title, story, lesson }) {
  const told = [make("h4", "", title), make("p", "", story)];
  if (lesson) told.push(make("p", "lesson", lesson));
  const box = unfold(say("ui_case"), ...told);
  box.dataset.case = id;
  return box;
}

function section(title, ...content) {
  const box = make("section", "card__part");
  box.append(make("h3", "card__heading", title), ...content);
  return box;
}

function listOf(tag, className, sentences) {
  const list = make(tag, className);
  for (const sentence of sentences) {
    const row = make("li");
    row.append(withNumbers("span", "", sentence));
    list.append(row);
  }
  return list;
}

function unfold(title, ...content) {
  const box = make("details", "unfold");
  const summary = make("summary", "unfold__title");
  const body = make("div", "unfold__body");
  summary.append(make("span", "", title), icon("chevron"));
  body.append(...content);
  box.append(summary, body);
  return box;
}

function feedback() {
  const row = make("div", "feedback");
  row.append(make("p", "", say("ui_feedback")));
  for (const [id, payload] of [["ui_helpful", data.feedback.helpful], ["ui_not_helpful", data.feedback.not_helpful]]) {
    const element = button("button button--small", say(id));
    element.dataset.payload = payload;
    row.append(element);
  }
  return row;
}
