/* Small tools to build elements. Text goes in through textContent and nowhere else. */

let serial = 0;

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", "/static/icons.svg#" + name);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export function button(className, title) {
  const element = make("button", className, title);
  element.type = "button";
  return element;
}

/* An id no other element has. */
export function newName(kind) {
  serial += 1;
  return kind + "-" + serial;
}
