// A small letter in the corner for staff: N no line, C clock wrong, S storage full, E nothing to show, U not paired.

const LETTERS = { offline: "N", clock: "C", storage: "S", empty: "E", unpaired: "U" };

export function mark(troubles) {
  const corner = document.getElementById("mark");
  const letters = Object.entries(LETTERS).filter(([trouble]) => troubles.includes(trouble));
  corner.hidden = !letters.length;
  corner.textContent = letters.map(([, letter]) => letter).join("");
}
