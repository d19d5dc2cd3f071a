"""A drill: a fault hides in an hour of traffic, and somebody looks for it."""
