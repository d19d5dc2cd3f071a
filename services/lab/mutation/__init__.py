"""Checks that nothing is memorised: changes words, order, names and figures, and asks again."""
