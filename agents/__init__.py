"""Who decides: the agents that answer a finance question."""
