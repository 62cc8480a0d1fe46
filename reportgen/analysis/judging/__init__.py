"""From measurements and specifications to the checks, lines and counts of a run."""
