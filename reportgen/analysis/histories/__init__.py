"""A metric over all runs of a dataset."""
