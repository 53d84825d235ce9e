"""What simulated vendors have in common."""
