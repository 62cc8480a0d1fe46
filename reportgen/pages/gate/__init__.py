"""What the gate says, in each format."""
