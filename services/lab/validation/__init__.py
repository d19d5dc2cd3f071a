"""Validates the catalogue: is every fault silent, consequential, and where it says it is?"""
