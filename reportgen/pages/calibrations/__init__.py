"""Pages and documents of calibrations."""
