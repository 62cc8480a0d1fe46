"""Pages and documents made from what the analysis found: pure functions, no reading or writing."""
