"""Tells an answer from the sentence that there is none."""

from __future__ import annotations

import re

_ABSTAINS = re.compile(
    r"^\W*(?:(?:i'?m |i am )?sorry,? (?:but )?)?(?:"
    r"i (?:could not|couldn't|cannot|can't|can not|was unable to|am unable to|was not able to|"
    r"am not able to|did not|didn't) (?:find|answer|determine|locate|tell|say)"
    r"|i (?:do not|don't) (?:have|know|find|see)"
    r"|there is (?:not enough|no|insufficient) information"
    r"|(?:the|these|this)(?: \w+)? (?:documents?|context|records?|passages?|evidence) "
    r"(?:do|does) ?(?:not|n't) (?:contain|say|mention|provide|state|hold|include))",
    re.IGNORECASE,
)


def abstains(answer: str) -> bool:
    """Return whether an answer says, as its first thing, that none was found."""
    return not answer.strip() or bool(_ABSTAINS.match(answer.replace("’", "'")))
