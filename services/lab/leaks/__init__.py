"""Leaks: whether a recording gives away, outside of its sealed part, what it was made from."""
