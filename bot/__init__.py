"""Fangzha: a bank's fraud-awareness assistant."""
