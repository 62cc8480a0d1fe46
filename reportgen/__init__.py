"""reportgen: science metrics and calibration trends of processing runs as a static site."""

__version__ = "0.1.0"
