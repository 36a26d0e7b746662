"""Runs the script and watches it. Knows no rules."""
