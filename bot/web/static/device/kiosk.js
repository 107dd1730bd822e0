// What a kiosk's page adds to be a device: it goes on without a line, beats while it is paired, and asks to be paired
// again when its token was taken away. It tells that it rests or is in use, and never what anybody does on it.

import { keepBeating } from "./beat.js";
import { installWorker } from "./offline.js";

const AGAIN_MS = 15_000;
let device = null;
const resting = () => document.body.dataset.state !== "busy";

async function know() {
  const answer = await fetch("/api/v1/devices/me");
  device = answer.ok ? await answer.json() : null;
}

function look() {
  if (!device || device.state !== "paired") return null;
  const kind = resting() ? "kiosk-rest" : "kiosk-used";
  const showing = { kind, piece: "", title: "", lines: [], width: innerWidth, height: innerHeight };
  return { version: Number(document.body.dataset.version) || 0, troubles: navigator.onLine ? [] : ["offline"], showing };
}

function pairAgain() {
  if (resting()) location.replace("/device");
}

async function begin() {
  try {
    await know();
  } catch {
    setTimeout(begin, AGAIN_MS);
    return;
  }
  if (device?.state === "revoked") pairAgain();
  if (device?.state === "paired") keepBeating(look, pairAgain);
}

installWorker("/kiosk/sw.js", "/kiosk");
begin();
