"""What is measured and what it is measured against: metrics, specifications, corrections, notes."""
