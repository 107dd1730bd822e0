"""Channels: each turns whatever arrived into one `Incoming` and shows the `Outgoing`. They know nothing of fraud."""
