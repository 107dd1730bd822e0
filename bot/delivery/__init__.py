"""Warnings to those who asked for them: planned when released, sent at the pace a messenger allows, taken back."""
