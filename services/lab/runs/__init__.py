"""Runs: traffic from a scenario, asked in virtual time and recorded, with the truth apart."""
