/* A code that carries the conversation to the visitor's own phone. */

import { say } from "./book.js";
import { act, make, square } from "./elements.js";
import { goInstead } from "./frame.js";
import { offerPhone } from "./server.js";

export function phoneScreen() {
  const told = make("p", "summary", say("kiosk_write_reading"));
  told.setAttribute("role", "status");
  const codes = make("div", "codes");
  let timer = null;
  offerPhone().then((offer) => {
    if (!offer) {
      told.textContent = say("kiosk_phone_offline");
      return;
    }
    for (const name of ["chat", "telegram"]) {
      if (offer[name]) codes.append(make("figure", "code", square("qr", offer[name]), make("figcaption", "", say("kiosk_code_" + name))));
    }
    const until = performance.now() + offer.seconds * 1000;
    const tick = () => {
      const left = Math.max(0, Math.round((until - performance.now()) / 1000));
      told.textContent = left ? say("kiosk_phone_text", { seconds: left }) : say("kiosk_phone_over");
      if (left) timer = setTimeout(tick, 1000);
      else codes.replaceChildren(act("big", "restart", "kiosk_phone_again", () => goInstead(phoneScreen)));
    };
    tick();
  });
  return {
    name: "phone",
    title: say("kiosk_phone_title"),
    body: [told],
    controls: [codes],
    leave: () => clearTimeout(timer),
    speak: () => [say("kiosk_phone_title")],
  };
}
