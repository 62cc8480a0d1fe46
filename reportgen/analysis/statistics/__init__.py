"""Numbers in, numbers out: noise, significance, slopes, limits; nothing here knows a metric."""
