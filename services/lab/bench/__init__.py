"""Makes the episodes that rules are scored on."""
