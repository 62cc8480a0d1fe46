"""Generated data for demonstration: what is planted, and the files it is written to."""
