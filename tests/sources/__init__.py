"""Tests of reportgen.sources."""
