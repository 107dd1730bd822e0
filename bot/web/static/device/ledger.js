// How often each piece was shown, by day, until the server has heard it. A batch that was sent is sent again until then.

import { recall, remember } from "./keep.js";

const MOST = 400;

let open = recall("plays", {});
let sent = recall("plays-sent", null);

export function count(piece, day) {
  const key = `${day} ${piece}`;
  if (key in open || Object.keys(open).length < MOST) open[key] = (open[key] || 0) + 1;
  remember("plays", open);
}

// The batch to send now: {batch, plays}; batch 0 when nothing was shown since.
export function batch(now) {
  if (!sent && Object.keys(open).length) {
    sent = { batch: now, plays: open };
    open = {};
    remember("plays-sent", sent);
    remember("plays", open);
  }
  if (!sent) return { batch: 0, plays: [] };
  const plays = Object.entries(sent.plays).map(([key, times]) => {
    const [day, piece] = key.split(" ");
    return { day, piece, times };
  });
  return { batch: sent.batch, plays };
}

export function delivered() {
  sent = null;
  remember("plays-sent", null);
}
