"""Slow trends of calibrations over windows of nights."""
