"""What end users see: the choice of a provider, and how connecting ended."""
