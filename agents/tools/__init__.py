"""The tools that the finance agent offers to the model, one file each."""

from agents.tools.spec import ToolSpec, load_tools

__all__ = ["ToolSpec", "load_tools"]
