// Draws one slide. Words only ever become text, never markup.

const ICONS = { screen: "stop", warning: "warn", handbook: "question", quiz: "question", urgent: "stop", film: "talk" };
const SVG = "http://www.w3.org/2000/svg";

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

export function slide(item, look, words) {
  const made = element("section", `slide slide--${look}`);
  const head = element("div", "slide__head");
  const kind = element("p", "slide__kind");
  kind.append(icon(ICONS[look]), element("span", "", words[look === "urgent" ? "screen_urgent" : `screen_kind_${look}`]));
  head.append(kind, element("h1", "slide__title", item.title));
  if (item.also && item.also !== item.title) head.append(element("p", "slide__also", item.also));
  made.append(head);
  if (item.file) made.append(film(item));
  const lines = element(item.kind === "quiz" ? "ol" : "ul", "slide__lines");
  for (const line of item.lines) lines.append(element("li", "", line));
  made.append(lines);
  if (item.why) made.append(element("p", "slide__why", item.why));
  if (item.ai) made.append(element("p", "slide__ai", words.screen_ai));
  return made;
}

function film(item) {
  const video = element("video", "slide__film");
  video.src = `/screen/films/${item.file}`;
  video.muted = true;
  video.loop = true;
  video.autoplay = true;
  video.playsInline = true;
  video.addEventListener("error", () => video.remove(), { once: true });
  return video;
}

// Whether a clause of the title, as it is set now, is wider than the screen.
export function hasLongClause(made) {
  const title = made.querySelector(".slide__title");
  const fit = title.clientWidth / parseFloat(getComputedStyle(title).fontSize);
  return title.textContent.split(/[，。？！：；、\s]/).some((clause) => clause.length > fit);
}

// A question shows its answer when it had its time.
export function reveal(made, item) {
  const line = made.querySelectorAll(".slide__lines li")[item.right];
  if (line) line.classList.add("is-right");
  made.classList.add("is-revealed");
}

// What the desk draws again when somebody wants to see this screen.
export function described(item, look) {
  return {
    kind: look,
    piece: item.piece || "",
    title: item.title.slice(0, 300),
    lines: item.lines.slice(0, 6).map((line) => line.slice(0, 300)),
    width: innerWidth,
    height: innerHeight,
  };
}
