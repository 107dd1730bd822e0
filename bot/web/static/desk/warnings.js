// Keeps the counts of what is being sent up to date; loads the page anew when something began, ended or was stopped.

const list = document.getElementById("broadcasts");

function shown() {
  return [...list.querySelectorAll("[data-broadcast]")].map((row) => `${row.dataset.broadcast}:${row.dataset.stands}`);
}

function update(found) {
  for (const one of found) {
    const row = list.querySelector(`[data-broadcast="${one.id}"]`);
    row.querySelector("[data-counts]").textContent = one.counts;
    const pace = row.querySelector("[data-pace]");
    pace.textContent = one.pace;
    pace.hidden = !one.pace;
    const bar = row.querySelector("progress");
    bar.max = one.most || 1;
    bar.value = one.done;
  }
}

async function look() {
  const answer = await fetch(list.dataset.state, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = await answer.json();
  if (found.map((one) => `${one.id}:${one.state}`).join() !== shown().join()) {
    location.reload();
    return;
  }
  update(found);
  setTimeout(watch, 2000);
}

function watch() {
  look().catch(() => setTimeout(watch, 5000));
}

watch();
