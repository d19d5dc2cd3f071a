"""Runs rules over recordings and over live traces, and tells what they say and cannot say."""
