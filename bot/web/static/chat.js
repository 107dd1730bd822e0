"use strict";
/* The chat page: sends what the customer writes, shows the answer. Every sentence comes from the server, every text
   goes in through textContent. Written for old phones too: no module, no build step. */

const data = JSON.parse(document.getElementById("page-data").textContent);
const byId = (id) => document.getElementById(id);
const LIMIT = 8000; // characters (code points), as the server counts them
const NEAR_LIMIT = 7500;
const PATIENCE_MS = 15000;
const URGENT = ["stop-now", "already-paid"];
const URGENCY_ICONS = { none: "talk", ask: "question", warn: "warn", "stop-now": "stop", "already-paid": "clock" };

let language = data.language;
let chosenLanguage = null; // set only when the customer picks one
let conversation = null;
let waiting = false;
let round = 0; // a restart drops answers still on their way
let serial = 0;

/* ---- Small tools ---- */

function say(id, values) {
  const sentence = (data.words[language] || {})[id] || "";
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? String(values[name]) : whole));
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", "/static/icons.svg#" + name);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

function button(className, title, onClick) {
  const element = make("button", className, title);
  element.type = "button";
  element.addEventListener("click", onClick);
  return element;
}

function newId() {
  if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function currentConversation() {
  try {
    conversation = conversation || sessionStorage.getItem("conversation") || newId();
    sessionStorage.setItem("conversation", conversation);
  } catch (refused) {
    conversation = conversation || newId(); // storage is off: it lives as long as the page
  }
  return conversation;
}

/* ---- The pieces of a card ---- */

function calls(rows, quiet) {
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

function choices(buttons) {
  const long = buttons.some((one) => Array.from(one.title).length > (/[\u3400-\u9fff]/.test(one.title) ? 6 : 14));
  const box = make("div", long ? "choices choices--long" : "choices");
  for (const one of buttons) {
    const element = button("choice", one.title, (event) => choose(element, one, event));
    box.append(element);
  }
  return box;
}

function quotes(items) {
  const list = make("ul", "quotes");
  for (const item of items) {
    const row = make("li");
    if (item.text) row.append(make("q", "quotes__words", item.text));
    row.append(make("p", "quotes__says", item.says));
    list.append(row);
  }
  return list;
}

function section(title, ...content) {
  const box = make("section", "card__part");
  box.append(make("h3", "card__heading", title), ...content);
  return box;
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

function listOf(tag, className, sentences) {
  const list = make(tag, className);
  for (const sentence of sentences) list.append(make("li", "", sentence));
  return list;
}

function feedback() {
  const row = make("div", "feedback");
  const give = async (payload) => {
    const buttons = row.querySelectorAll("button");
    for (const one of buttons) one.disabled = true;
    const outcome = await post({ payload });
    if (outcome.fault) {
      for (const one of buttons) one.disabled = false;
      return showTrouble(outcome);
    }
    if ((outcome.answer.messages || []).length) row.remove();
    else row.replaceChildren(make("p", "", say("ui_thanks")));
    showMessages(outcome.answer);
  };
  row.append(
    make("p", "", say("ui_feedback")),
    button("button button--small", say("ui_helpful"), () => give(data.feedback.helpful)),
    button("button button--small", say("ui_not_helpful"), () => give(data.feedback.not_helpful)),
  );
  return row;
}

/* `question` is {text, buttons}: asked directly under the numbers. */
function cardElement(card, question) {
  const box = make("article", "card");
  box.dataset.urgency = card.urgency;
  if (card.card_id) box.dataset.card = card.card_id;
  const head = make("div", "card__head");
  const label = make("p", "card__label");
  const command = make("h2", "card__command", card.command);
  command.id = "command-" + ++serial;
  box.setAttribute("aria-labelledby", command.id);
  label.append(icon(URGENCY_ICONS[card.urgency] || "talk"), make("span", "card__urgency", card.label || say("urgency_" + card.urgency.replace("-", "_"))));
  label.append(make("span", "card__from", say("ui_assistant")));
  head.append(label, command);
  if (card.numbers && card.numbers.length) head.append(calls(card.numbers, false));
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
  const reasons = [];
  if (card.typology) {
    const kind = make("p", "kind", say("ui_kind") + " ");
    kind.append(make("strong", "", card.typology.name));
    reasons.push(kind, make("p", "kind__summary", card.typology.summary));
  }
  if (card.why && card.why.length) reasons.push(quotes(card.why));
  if (reasons.length) box.append(section(say("ui_why"), ...reasons));
  if (card.case) {
    const { title, story, lesson } = card.case;
    const told = [make("h4", "", title), make("p", "", story)];
    if (lesson) told.push(make("p", "lesson", lesson));
    box.append(unfold(say("ui_case"), ...told));
  }
  if (card.never && card.never.length) box.append(unfold(say("ui_never"), listOf("ul", "never", card.never)));
  if (data.feedback) box.append(feedback());
  return box;
}

/* ---- The conversation ---- */

function addTurn(className, ...content) {
  const turn = make("div", "turn " + className);
  turn.lang = language;
  turn.append(...content);
  byId("log").append(turn);
  return turn;
}

function bringIntoView(element, block) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.documentElement.style.scrollPaddingTop = document.querySelector(".bar").offsetHeight + 12 + "px";
  element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
}

function addCustomer(text) {
  const bubble = make("div", "bubble");
  bubble.append(make("span", "unseen", say("ui_you") + " "), make("span", "bubble__text", text));
  const turn = addTurn("turn--mine", bubble);
  turn.setAttribute("aria-live", "off"); // a screen reader need not read back what was just written
  return turn;
}

/* Underlines the flagged words in the customer's own bubble; one button under it says why.
   Offsets count code points of the text as it was sent. */
function underline(turn, text, flags) {
  const points = Array.from(text);
  const fits = flags.filter((flag) => flag.says && flag.start < flag.end && flag.end <= points.length);
  if (!fits.length) return;
  fits.sort((one, other) => one.start - other.start);
  const list = quotes(fits.map((flag) => ({ text: points.slice(flag.start, flag.end).join(""), says: flag.says })));
  list.id = "flags-" + ++serial;
  list.hidden = true;
  const open = (shown) => {
    list.hidden = !shown;
    toggle.setAttribute("aria-expanded", String(shown));
  };
  const toggle = button("bubble__why", "", () => open(list.hidden));
  toggle.append(make("span", "", say("ui_flags")), icon("chevron"));
  toggle.setAttribute("aria-controls", list.id);
  open(false);

  const words = turn.querySelector(".bubble__text");
  words.textContent = "";
  let at = 0;
  for (const flag of fits) {
    if (flag.start < at) continue; // overlaps the one before: listed, not underlined twice
    const mark = make("mark", "flagged", points.slice(flag.start, flag.end).join(""));
    mark.addEventListener("click", () => open(true));
    words.append(points.slice(at, flag.start).join(""), mark);
    at = flag.end;
  }
  words.append(points.slice(at).join(""));
  turn.querySelector(".bubble").append(toggle, list);
}

function addAssistant(message, question) {
  if (message.card) return addTurn("turn--card", cardElement(message.card, question));
  const from = make("p", "from");
  from.append(icon("machine"), make("span", "", say("ui_assistant")));
  const content = [from];
  if (message.text) content.push(make("p", "answer", message.text));
  if (message.buttons && message.buttons.length) content.push(choices(message.buttons));
  return addTurn("turn--text", ...content);
}

/* Shows the messages of one answer. A question sent after its card is asked inside the card, under the numbers. */
function showMessages(answer) {
  const messages = (answer.messages || []).slice();
  const asked = answer.assessment && answer.assessment.question ? answer.assessment.question.text : "";
  let first = null;
  let top = null;
  for (let i = 0; i < messages.length; i += 1) {
    const message = messages[i];
    let question = null;
    if (message.card) {
      question = { text: message.card.question || asked, buttons: message.buttons || [] };
      const next = messages[i + 1];
      if (!question.buttons.length && next && !next.card && next.buttons && next.buttons.length) {
        question = { text: next.text, buttons: next.buttons };
        i += 1;
      }
    }
    const turn = addAssistant(message, question);
    first = first || turn;
    if (message.card) top = turn;
    // An urgent card begins with the police of the place the customer is in: the bar follows it.
    if (message.card && URGENT.includes(message.card.urgency)) showInBar((message.card.numbers || [])[0]);
  }
  if (top) announce(top);
  if (first) bringIntoView(top || first, "start");
}

/* Urgent commands interrupt what a screen reader is saying; the card itself is read after it, in the log. */
function announce(turn) {
  const card = turn.querySelector(".card");
  if (!URGENT.includes(card.dataset.urgency)) return;
  const wanted = [".card__urgency", ".card__command", ".call__label", ".call .number"];
  const parts = wanted.map((selector) => card.querySelector(selector));
  byId("alert").textContent = parts.filter(Boolean).map((part) => part.textContent.trim()).join(" ");
}

/* ---- Talking to the server ---- */

async function post(body) {
  const hurry = new AbortController();
  const timer = setTimeout(() => hurry.abort(), PATIENCE_MS);
  const request = { conversation: currentConversation(), ...body };
  if (chosenLanguage || body.payload) request.language = chosenLanguage || language; // a tap has no words to tell it by
  try {
    const response = await fetch("/api/v1/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(request),
      signal: hurry.signal,
    });
    if (response.status === 413) return { fault: "ui_too_long" };
    if (response.status === 429) {
      return { fault: "ui_too_fast", values: { seconds: parseInt(response.headers.get("Retry-After"), 10) || 10 } };
    }
    if (!response.ok) return { fault: "ui_offline" };
    return { answer: await response.json() };
  } catch (unreachable) {
    return { fault: "ui_offline" };
  } finally {
    clearTimeout(timer);
  }
}

/* Sends one message. On failure `undo` puts everything back, so nothing the customer wrote is lost. */
async function deliver(body, shown, undo) {
  const mine = round;
  const locked = Array.from(document.querySelectorAll(".choice:enabled, .feedback button:enabled"));
  for (const one of locked) one.disabled = true;
  setWaiting(true);
  hideTrouble();
  const turn = addCustomer(shown);
  bringIntoView(byId("working"), "end");
  const outcome = await post(body);
  if (mine !== round) return;
  setWaiting(false);
  if (outcome.fault) {
    turn.remove();
    for (const one of locked) one.disabled = false;
    undo();
    showTrouble(outcome, body);
    return;
  }
  const assessment = outcome.answer.assessment;
  if (assessment && data.words[assessment.language]) setLanguage(assessment.language);
  if (assessment && body.text && assessment.urgency !== "none") underline(turn, body.text, assessment.red_flags || []);
  showMessages(outcome.answer);
}

function choose(element, one, event) {
  if (waiting) return;
  element.classList.add("choice--taken");
  deliver({ payload: one.payload }, one.title, () => element.classList.remove("choice--taken"));
  // By keyboard the focus would be lost with the button; by finger the on-screen keyboard must not jump up.
  if (event.detail === 0) byId("text").focus({ preventScroll: true });
}

function submit() {
  const box = byId("text");
  const text = box.value.trim();
  box.focus({ preventScroll: true });
  if (waiting) return;
  if (!text) return showTrouble({ fault: "ui_empty" });
  if (Array.from(text).length > LIMIT) return showTrouble({ fault: "ui_too_long" });
  box.value = "";
  fitBox();
  deliver({ text }, text, () => {
    box.value = box.value.trim() ? text + "\n" + box.value : text;
    fitBox();
  });
}

function setWaiting(now) {
  waiting = now;
  byId("send").disabled = now;
  byId("working").hidden = !now;
  byId("alert").textContent = "";
}

function hideTrouble() {
  byId("trouble").hidden = true;
  byId("trouble").replaceChildren();
}

function showTrouble(outcome, body) {
  const box = byId("trouble");
  const unanswered = outcome.fault === "ui_offline" || outcome.fault === "ui_too_fast";
  const sentences = [say(outcome.fault, outcome.values)];
  if (body && body.text) sentences.push(say("ui_kept"));
  box.replaceChildren(make("p", "trouble__says", sentences.join(language === "en" ? " " : "")));
  if (unanswered) {
    const first = data.numbers[language].slice(0, outcome.fault === "ui_offline" ? 2 : 1);
    box.append(calls(first, true));
  }
  if (unanswered && body && body.text) box.append(button("button", say("ui_retry"), submit));
  box.hidden = false;
}

/* ---- The box one writes in ---- */

function fitBox() {
  const box = byId("text");
  box.style.height = "auto";
  box.style.height = box.scrollHeight + 2 + "px"; // CSS caps it; the border is the 2
  const length = Array.from(box.value.trim()).length;
  const count = byId("count");
  count.hidden = length < NEAR_LIMIT;
  count.classList.toggle("composer__count--over", length > LIMIT);
  count.textContent = say(length > LIMIT ? "ui_over" : "ui_left", { count: Math.abs(LIMIT - length) });
}

/* ---- The language of the page ---- */

function setLanguage(tag) {
  if (tag === language) return;
  language = tag;
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
  fitBox();
}

function showInBar(row) {
  const bar = byId("bar-call");
  if (!bar || !row || !/^tel:/.test(row.href || "")) return;
  bar.href = row.href;
  bar.querySelector(".bar__call-label").textContent = row.label;
  bar.querySelector(".number").textContent = row.number;
}

function greet() {
  const greeting = data.greeting[language];
  const [first, ...rest] = greeting.text.split("\n");
  const old = byId("log").childElementCount > 0;
  byId("greeting-text").textContent = first;
  byId("greeting-more").textContent = rest.join("\n").trim();
  const buttons = choices(greeting.buttons || []);
  for (const one of buttons.children) one.disabled = old;
  byId("greeting-buttons").replaceChildren(...buttons.childNodes);
}

function restart() {
  round += 1;
  conversation = newId();
  currentConversation();
  setWaiting(false);
  hideTrouble();
  byId("log").replaceChildren();
  byId("menu").open = false;
  greet();
  window.scrollTo(0, 0);
  byId("text").focus({ preventScroll: true });
}

/* ---- Start ---- */

function startChat() {
  const box = byId("text");
  const menu = byId("menu");
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", fitBox);
  box.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === 229; // Enter picks a word in a Chinese input method
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  });
  for (const one of document.querySelectorAll("[data-language]")) {
    one.addEventListener("click", () => {
      chosenLanguage = one.dataset.language;
      setLanguage(chosenLanguage);
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
  byId("restart").addEventListener("click", restart);
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  greet();
  fitBox();
}

/* The design page shows the same cards from a block of samples. */
function showSamples(block) {
  for (const sample of JSON.parse(block.textContent)) {
    const holder = make("div", "turn turn--card");
    holder.append(cardElement(sample.card, sample));
    byId("samples").append(holder);
  }
  const still = (event) => event.target.closest("button") && event.stopPropagation(); // samples send nothing
  byId("samples").addEventListener("click", still, true);
}

if (byId("composer")) startChat();
if (byId("sample-cards")) showSamples(byId("sample-cards"));
