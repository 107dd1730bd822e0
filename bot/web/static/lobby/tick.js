// Keeps time for a page in a pocket: browsers slow down the timers of a page nobody looks at, but not those of a worker.

setInterval(() => postMessage("tick"), 2000);
