// Watches a job and goes on when it has ended. Without it the page looks again by itself every few seconds.

const box = document.getElementById("job");
const bar = box.querySelector("progress");
const step = document.getElementById("job-step");

async function look() {
  const answer = await fetch(box.dataset.state, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const job = await answer.json();
  if (job.over) {
    location.reload();
    return;
  }
  step.textContent = job.step;
  if (job.total) {
    bar.max = job.total;
    bar.value = job.done;
  } else {
    bar.removeAttribute("value");
  }
  setTimeout(watch, 500);
}

function watch() {
  look().catch(() => setTimeout(watch, 3000));
}

if (box.dataset.over !== "yes") watch();
