"""Calibrations of a stage: tables by place and date, trends, verdicts, what changed."""
