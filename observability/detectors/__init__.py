"""Rules that watch signals and raise alarms; a rule is one file in ``rules``."""
