// Lists in a form: add, move and remove items where they stand. Without it the server does the same, page by page.

let made = 0;

export function growLists(form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="do"]');
    if (!button || !button.value.includes(":")) return;
    event.preventDefault();
    act(button, button.value.slice(0, button.value.indexOf(":")));
    form.dispatchEvent(new Event("input"));
  });
}

function act(button, verb) {
  const list = button.closest(".list");
  if (verb === "add") add(list);
  else move(button, button.closest(".item"), verb);
  limit(list);
}

function add(list) {
  const items = list.querySelector(":scope > .list__items");
  const name = `new${++made}`;
  const box = document.createElement("div");
  box.innerHTML = list.querySelector(":scope > template").innerHTML.replaceAll("__new__", name);
  const item = box.querySelector(".item");
  // the server reads items in the order of the page; a name that is no number is new
  items.append(item);
  item.querySelector("textarea, input:not([type=hidden]), select")?.focus();
}

function move(button, item, verb) {
  const { previousElementSibling: before, nextElementSibling: after } = item;
  if (verb === "remove") {
    const neighbour = after || before;
    const list = item.closest(".list");
    item.remove();
    (neighbour?.querySelector('[value^="remove:"]') || list.querySelector('[value^="add:"]')).focus();
    return;
  }
  if (verb === "up" && before) before.before(item);
  if (verb === "down" && after) after.after(item);
  const hidden = getComputedStyle(button).visibility === "hidden";
  (hidden ? item.querySelector(`[value^="${verb === "up" ? "down" : "up"}:"]`) : button).focus();
}

function limit(list) {
  const most = Number(list.dataset.most || Infinity);
  const items = list.querySelectorAll(":scope > .list__items > .item").length;
  list.querySelector(':scope > [value^="add:"]').disabled = items >= most;
}
