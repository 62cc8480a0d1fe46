"""The words of the project as types: few things as dataclasses, many things as tables."""
