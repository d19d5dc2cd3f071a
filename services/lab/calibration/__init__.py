"""Calibration: the simulated models beside published results, on the same conditions."""
