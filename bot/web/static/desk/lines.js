// Line numbers beside a text, and links that go to a line.

export function numberLines(text, numbers) {
  const count = () => {
    const lines = text.value.split("\n").length;
    numbers.textContent = Array.from({ length: lines }, (_, i) => i + 1).join("\n");
    numbers.scrollTop = text.scrollTop;
  };
  text.addEventListener("input", count);
  text.addEventListener("scroll", () => (numbers.scrollTop = text.scrollTop));
  count();

  for (const link of document.querySelectorAll("[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(text, Number(link.dataset.line));
    });
  }
}

function goTo(text, line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] || "").length);
  const height = parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (line - 6) * height);
}
