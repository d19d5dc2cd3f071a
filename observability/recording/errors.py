"""What can go wrong with a recording.

RecordingError
├─ ForeignFileError    the file is no recording of this program, or a damaged one
├─ UnknownTraceError   no recorded trace has that id
└─ AmbiguousTraceError several recorded traces begin like that
"""


class RecordingError(Exception):
    """Base of the package's errors."""


class ForeignFileError(RecordingError):
    """The file is not a recording, or it is damaged."""


class UnknownTraceError(RecordingError):
    """No recorded trace has the id that was asked for."""


class AmbiguousTraceError(RecordingError):
    """More than one recorded trace begins with what was asked for."""
