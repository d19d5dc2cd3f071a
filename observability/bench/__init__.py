"""Scores of rules on labelled episodes: pure functions, and the report made of them."""
