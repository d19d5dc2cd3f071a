"""What can go wrong among the agents.

AgentError
├── QuestionError      the question itself cannot be worked on (empty, binary, too long)
├── DefinitionError    a prompt, a route or a tool file is wrong; found when it is loaded
│   └── PromptError    a prompt is unknown or has a placeholder without a value
├── ModelError         the model's endpoint failed, or its replies stayed unusable
├── RetrievalError     the retrieval service failed
├── ToolError          a tool could not do its work
│   └── ErpError       the ledger service failed
└── WorkflowError      no way through the workflow was left
"""

from __future__ import annotations


class AgentError(Exception):
    """Something that an agent could not do."""


class QuestionError(AgentError):
    """The question cannot be worked on; the message says why, in the caller's terms."""


class DefinitionError(AgentError):
    """A file that defines a prompt, a route or a tool is wrong."""


class PromptError(DefinitionError):
    """A prompt is unknown, or a placeholder of it has no value."""


class ModelError(AgentError):
    """The model's endpoint failed, or its replies stayed unusable.

    ``status`` is the HTTP status where there was one.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class RetrievalError(AgentError):
    """The retrieval service failed or answered something unusable."""


class ToolError(AgentError):
    """A tool could not do its work."""


class ErpError(ToolError):
    """The ledger service failed or answered something unusable."""


class WorkflowError(AgentError):
    """No way through the workflow was left."""
