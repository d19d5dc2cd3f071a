"""Reference-free checks on an answer, one file each."""
