"""Mappings that ship with StillGreen, one file for each way to name spans."""
