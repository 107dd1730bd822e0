/* Small tools to build elements. Text goes in through textContent and nowhere else. */

import { book, say } from "./book.js";

const SVG = "http://www.w3.org/2000/svg";

export function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content.filter((one) => one !== null && one !== undefined && one !== ""));
  return element;
}

/* A button that does something when it is touched. */
export function button(className, does, ...content) {
  const element = make("button", className, ...content);
  element.type = "button";
  element.addEventListener("click", does);
  return element;
}

/* A button with an icon and published words. */
export function act(className, iconName, id, does) {
  return button(className, does, icon(iconName), make("span", "", say(id)));
}

export function icon(name) {
  const svg = drawing("icon", 24);
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", "#" + name);
  svg.append(use);
  return svg;
}

/* The icons in the page itself: fetched anew at every drawing they would come a moment late. */
export async function loadIcons() {
  const response = await fetch("/static/icons.svg");
  const drawn = new DOMParser().parseFromString(await response.text(), "image/svg+xml").documentElement;
  const sheet = document.createElementNS(SVG, "svg");
  sheet.setAttribute("class", "unseen");
  sheet.setAttribute("aria-hidden", "true");
  sheet.append(...drawn.querySelectorAll("symbol"));
  document.body.append(sheet);
}

/* A published picture. */
export function picture(name) {
  const svg = drawing("picture", 64);
  const drawn = book.pictures[name] || {};
  for (const layer of ["soft", "fill", "line"]) {
    for (const d of drawn[layer] || []) svg.append(path(d, "picture__" + layer));
  }
  return svg;
}

/* Any path the server drew, on a square of that many units. */
export function square(className, { path: d, size }) {
  const svg = drawing(className, size);
  svg.append(path(d, className + "__dark"));
  return svg;
}

export const lines = (text) => text.split("\n").filter(Boolean);

function drawing(className, units) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("viewBox", `0 0 ${units} ${units}`);
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

function path(d, className) {
  const element = document.createElementNS(SVG, "path");
  element.setAttribute("d", d);
  element.setAttribute("class", className);
  return element;
}
