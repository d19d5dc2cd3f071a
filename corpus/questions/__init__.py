"""Questions about the world, their gold answers, and how an answer is judged."""

from corpus.questions.building import WORDINGS, all_families, build_questions
from corpus.questions.errors import QuestionDataError, QuestionError
from corpus.questions.follow_ups import FOLLOW_UP, build_follow_ups, follow_up_families
from corpus.questions.judging import judge
from corpus.questions.question import Evidence, GoldAnswer, GoldPart, Kind, Question, Verdict

__all__ = [
    "FOLLOW_UP",
    "WORDINGS",
    "Evidence",
    "GoldAnswer",
    "GoldPart",
    "Kind",
    "Question",
    "QuestionDataError",
    "QuestionError",
    "Verdict",
    "all_families",
    "build_follow_ups",
    "build_questions",
    "follow_up_families",
    "judge",
]
