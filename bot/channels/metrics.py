"""Counts of what messengers deliver, for `/metrics`. No label ever holds a text or a sender."""

from prometheus_client import Counter

UPDATES = Counter("fangzha_updates_total", "Updates of messengers, by what became of them", ["channel", "outcome"])
