// The line on its sign, while one types. Without it the sign shows the words as they were saved.

const WAIT = 250;
const sign = document.getElementById("sign");
const line = document.getElementById("b.text");

let waiting;
let asked = 0;

async function look() {
  const own = (asked += 1);
  const elders = document.querySelector('[name="b.audiences"][value="elders"]');
  const query = new URLSearchParams({ text: line.value, elders: elders && elders.checked ? "yes" : "no" });
  const answer = await fetch(`${sign.dataset.look}?${query}`);
  if (!answer.ok || answer.redirected || own !== asked) return;
  sign.innerHTML = await answer.text();
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(() => look().catch(() => {}), WAIT);
}

if (sign && line) {
  line.addEventListener("input", later);
  document.addEventListener("change", later);
}
