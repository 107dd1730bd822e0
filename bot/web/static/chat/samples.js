/* The design page shows the cards of the chat from a block of samples. They send nothing. */

import { cardElement } from "./cards.js";
import { make } from "./elements.js";
import { byId } from "./page.js";

for (const sample of JSON.parse(byId("sample-cards").textContent)) {
  const holder = make("div", "turn turn--card");
  holder.append(cardElement(sample.card, sample));
  byId("samples").append(holder);
}
