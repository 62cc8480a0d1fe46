"""A metric in one run: its members, extras and stored records."""
