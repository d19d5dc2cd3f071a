"""What can be seen of a request."""
