"""What runs: the applications, their wiring, the laboratory and the command line."""
