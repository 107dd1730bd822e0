// The worker that keeps the last release and this page for when there is no line; it tells when its storage is full.

import { storage } from "./keep.js";

export async function installWorker(path, scope) {
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data === "full") storage.full = true;
  });
  try {
    await navigator.serviceWorker.register(path, { scope });
  } catch {
    storage.full = true;
  }
}
