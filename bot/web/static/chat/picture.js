/* A screenshot: its words are read and put into the box, to be put right there and sent as any others. */

import { fitBox, hideTrouble, showTrouble } from "./composer.js";
import { byId, say } from "./page.js";
import { readPicture } from "./server.js";

const MOST_BYTES = 20 * 1024 * 1024; // as the server counts

let reading = 0; // starting over drops words still on their way

export function offerPictures() {
  const open = byId("picture");
  if (!open) return; // this installation reads none
  const file = byId("picture-file");
  open.addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    take(file.files[0]);
    file.value = ""; // the same picture may be taken again
  });
  byId("text").addEventListener("paste", (event) => {
    const pasted = Array.from(event.clipboardData.files).find((one) => one.type.startsWith("image/"));
    if (!pasted) return;
    event.preventDefault();
    take(pasted);
  });
  byId("composer").addEventListener("submit", () => tell(""));
}

export function dropPicture() {
  reading += 1;
  setBusy(false);
  tell("");
}

async function take(file) {
  if (!file || isBusy()) return;
  reading += 1;
  const mine = reading;
  setBusy(true);
  hideTrouble();
  tell(say("channel_looking"));
  const outcome = file.size > MOST_BYTES ? { fault: "channel_picture_too_big" } : await readPicture(file);
  if (mine !== reading) return;
  setBusy(false);
  const text = outcome.fault ? "" : outcome.answer.text.trim();
  tell(text ? say("ui_picture_seen") : "");
  if (!text) return showTrouble(outcome.fault ? outcome : { fault: "channel_picture_no_words" });
  const box = byId("text");
  box.value = box.value.trim() ? box.value.trimEnd() + "\n" + text : text;
  fitBox();
  box.focus({ preventScroll: true });
  box.setSelectionRange(0, 0);
  box.scrollTop = 0;
}

function tell(words) {
  byId("picture-note").textContent = words;
}

const isBusy = () => byId("picture").getAttribute("aria-busy") === "true";

function setBusy(now) {
  const open = byId("picture");
  if (open) open.setAttribute("aria-busy", String(now));
}
