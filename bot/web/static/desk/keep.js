// Keeps the piece open for this editor while the page is, and closes it when he goes.

const EVERY = 60_000;

export function keepOpen(form) {
  const send = (path, more) =>
    fetch(path, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams({ csrf: form.elements.csrf.value }),
      ...more,
    });
  let leaving = false;
  const timer = setInterval(async () => {
    try {
      const answer = await send(form.dataset.lock);
      if (!answer.ok) tell(form, (await answer.json()).message || form.dataset.lost);
    } catch {
      // the line is down: the next time will tell
    }
  }, EVERY);

  form.addEventListener("submit", () => (leaving = true));
  window.addEventListener("pagehide", () => {
    clearInterval(timer);
    if (!leaving) send(form.dataset.leave, { keepalive: true });
  });
}

function tell(form, words) {
  let note = document.getElementById("lock-lost");
  if (!note) {
    note = document.createElement("p");
    note.id = "lock-lost";
    note.className = "note note--warn";
    note.setAttribute("role", "alert");
    form.prepend(note);
  }
  note.textContent = words;
}
