"""Detectors of change, one file each; each watches one number (or label) of a stream."""
