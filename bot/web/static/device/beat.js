// Tells the server every few seconds that this device lives, and hears what time it is and whether it still may.

import * as clock from "./clock.js";
import * as ledger from "./ledger.js";
import { storage } from "./keep.js";

const FIRST_MS = 1_500;
const EVERY_MS = 15_000;
const PATIENCE_MS = 8_000;

// `look` gives {version, troubles, showing}, or null while there is nothing to tell; `revoked` is called when the token is good no longer.
export function keepBeating(look, revoked) {
  let wanted = true; // the first beat tells what is shown
  async function beat() {
    const seen = look();
    if (!seen) return;
    const { version, troubles, showing } = seen;
    const began = Date.now();
    const { batch, plays } = ledger.batch(Math.max(began, Math.round(clock.now())));
    const all = [...troubles, ...(clock.isWrong() ? ["clock"] : []), ...(storage.full ? ["storage"] : [])];
    const body = { version, now: began, troubles: all, batch, plays, showing: wanted ? showing : null };
    const answer = await fetch("/api/v1/devices/beat", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status === 401) return revoked();
    if (!answer.ok) return;
    const said = await answer.json();
    if (batch) ledger.delivered();
    const before = wanted;
    wanted = said.show && !before;
    clock.heard(said.now, began);
    if (wanted) await beat();
  }
  let busy = false;
  async function once() {
    if (busy) return;
    busy = true;
    try {
      await beat();
    } catch {
      // no line: the next beat tries again
    }
    busy = false;
  }
  setTimeout(once, FIRST_MS);
  setInterval(once, EVERY_MS);
}
