"""Two runs side by side: pairs, effects, verdicts."""
