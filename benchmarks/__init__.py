"""Measurements. Ratios against a named peer in the same run; figures of one machine, not promises."""
