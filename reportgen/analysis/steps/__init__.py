"""Lasting changes of level in one series, told from trends, waves, spikes and correlated noise."""
