// Shows a code until somebody types it at the desk, then opens the page of what this device has become.

const EVERY_MS = 2000;
const PAGES = { kiosk: "/kiosk", screen: "/screen", led: "/screen/led" };
const part = (id) => document.getElementById(id);

function show(state) {
  for (const id of ["ask", "offline", "busy"]) part(id).hidden = id !== state;
}

async function look() {
  let answer = await fetch("/api/v1/devices/me");
  let device = await answer.json();
  if (device.state === "revoked") part("revoked").hidden = false;
  if (device.state === "paired") {
    location.replace(PAGES[device.kind]);
    return;
  }
  if (device.state !== "waiting") {
    answer = await fetch("/api/v1/devices/codes", { method: "POST" });
    if (!answer.ok) return show("busy");
    device = await answer.json();
  }
  part("code").textContent = device.code.replace(/^(...)/, "$1 ");
  show("ask");
}

async function again() {
  try {
    await look();
  } catch {
    show("offline");
  }
  setTimeout(again, EVERY_MS);
}

again();
