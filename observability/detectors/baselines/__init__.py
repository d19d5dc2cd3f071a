"""Rules that every other is compared with; one of them that wins tells of the others."""
