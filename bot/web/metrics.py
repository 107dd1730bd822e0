"""Counts for `/metrics`. No label ever holds a text or a sender."""

from prometheus_client import Counter

TURNS = Counter("fangzha_turns_total", "Chat turns answered, by who decided them", ["decided_by"])
