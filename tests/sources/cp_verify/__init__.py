"""Tests of reportgen.sources.cp_verify."""
