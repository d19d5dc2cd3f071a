"""What can go wrong with a recording.

RecordingError
├─ ForeignFileError      the file is no recording of this program, or a damaged one
├─ UnknownTraceError     no recorded trace has that id
├─ AmbiguousTraceError   several recorded traces begin like that
├─ RunFolderError        about a folder that holds the recording of a run
│  ├─ NotARunError         there is no such folder, or no manifest in it
│  ├─ WouldOverwriteError  what should be written is there already
│  │  └─ FolderNotEmptyError  the folder for a new recording holds something
│  ├─ ForeignVersionError  the folder was written in another format
│  ├─ DamagedRunError      a file is missing or is not what was written
│  ├─ TruthMissingError    the sealed part is not there
│  │  └─ TruthHiddenError     it is there, and hidden until it is revealed
│  ├─ BlockDoneError       the block has been written before
│  └─ DiskFullError        there is no room for the next block
├─ QueryError            a question in SQL cannot be answered
├─ OtlpError             what should be OTLP is not; names the line
└─ ReplayError           the receiver cannot be reached, or does not take the spans
"""


class RecordingError(Exception):
    """Base of the package's errors."""


class ForeignFileError(RecordingError):
    """The file is not a recording, or it is damaged."""


class UnknownTraceError(RecordingError):
    """No recorded trace has the id that was asked for."""


class AmbiguousTraceError(RecordingError):
    """More than one recorded trace begins with what was asked for."""


class RunFolderError(RecordingError):
    """Base of the errors about a run's folder."""


class NotARunError(RunFolderError):
    """There is no such folder, or it holds no manifest."""


class WouldOverwriteError(RunFolderError):
    """What should be written is there already, and nothing is overwritten."""


class FolderNotEmptyError(WouldOverwriteError):
    """The folder for a new recording holds something already."""


class ForeignVersionError(RunFolderError):
    """The folder was written in a format that this version does not know."""


class DamagedRunError(RunFolderError):
    """A file is missing, or its bytes are not those that were written."""


class TruthMissingError(RunFolderError):
    """The sealed part of the recording is not there."""


class TruthHiddenError(TruthMissingError):
    """The sealed part is hidden until the incident is revealed."""


class BlockDoneError(RunFolderError):
    """A block that is complete would be written again."""


class DiskFullError(RunFolderError):
    """The disk has no room for what should be written."""


class QueryError(RecordingError):
    """A question in SQL is not allowed, is wrong, or takes too long."""


class OtlpError(RecordingError):
    """Text or bytes are no OTLP trace request."""


class ReplayError(RecordingError):
    """Spans cannot be delivered to the receiver."""
