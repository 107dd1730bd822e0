// What a device remembers over a power cut. A full or forbidden storage is a trouble to tell of, never a reason to stop.

export const storage = { full: false };

export function remember(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    storage.full = false;
  } catch {
    storage.full = true;
  }
}

export function recall(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
