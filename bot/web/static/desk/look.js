// The piece as the chat's own modules draw it. Nothing is sent, and nothing can be tapped.

import { showMessages } from "../chat/log.js";

// in a frame this would move the page around it
Element.prototype.scrollIntoView = () => {};
showMessages({ messages: JSON.parse(document.getElementById("said").textContent) });
for (const one of document.body.children) one.inert = true;
scrollTo(0, 0);
