"""Experiments: the same questions with and without faults, and what is true of the answers."""
