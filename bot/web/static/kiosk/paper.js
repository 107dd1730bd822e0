/* The card as a sheet to take along. It is shown first, so that a phone can keep it where no printer is. */

import { say, shown } from "./book.js";
import { act, make } from "./elements.js";
import { visit } from "./visit.js";

export function paperScreen(typology, urgency) {
  const frame = make("iframe", "paper");
  const by = visit.paid && visit.paidBy ? "&paid_by=" + visit.paidBy : "";
  frame.src = `/kiosk/paper/${typology}/${urgency}?lang=${shown.language}${by}`;
  frame.title = say("kiosk_paper_title");
  frame.tabIndex = -1;
  return {
    name: "paper",
    title: say("kiosk_paper_title"),
    body: [make("p", "hint", say("kiosk_paper_hint"))],
    controls: [frame, act("big big--main", "printer", "kiosk_print", () => frame.contentWindow.print())],
  };
}
