"""The docs folder into a finished site. A build without news loads none but small modules of it."""
