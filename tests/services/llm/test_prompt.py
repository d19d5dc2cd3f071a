from services.llm.prompt import understand
from services.llm.wire import ChatCompletionRequest


def request(*messages: tuple[str, str]) -> ChatCompletionRequest:
    return ChatCompletionRequest.model_validate(
        {"model": "sim-careful", "messages": [{"role": r, "content": c} for r, c in messages]}
    )


def test_documents_and_the_question_are_told_apart():
    prompt = understand(
        request(
            ("system", "Answer only from the documents."),
            ("user", '<document id="D7" title="Terms">Pay soon.</document>\nQuestion: When?'),
        )
    )
    assert prompt.question == "When?"
    assert [(b.id, b.title, b.text) for b in prompt.blocks] == [("D7", "Terms", "Pay soon.")]
    assert prompt.grounded
    assert not prompt.question_first


def test_a_prompt_in_nobodys_format_still_has_a_context_and_a_question():
    prompt = understand(
        request(
            (
                "user",
                "A lease.\n\nThe rent is 900 EUR a month, due on the first.\n\nHow high is it?",
            )
        )
    )
    assert prompt.question == "How high is it?"
    assert "900 EUR" in prompt.blocks[0].text


def test_a_question_before_the_documents_is_noticed():
    prompt = understand(
        request(("user", 'Question: When?\n<document id="D1">Pay soon.</document>'))
    )
    assert prompt.question_first


def test_options_carry_their_descriptions_and_examples():
    prompt = understand(
        request(
            ("system", '- ledger: records\n  Examples: "How much?"; "Who?"\n- documents: rules'),
            ("user", "Question: Why?"),
        )
    )
    assert [(o.name, o.lines) for o in prompt.options] == [
        ("ledger", ("records", "How much?", "Who?")),
        ("documents", ("rules",)),
    ]


def test_the_agreed_sentence_of_an_abstention_is_understood():
    prompt = understand(
        request(
            (
                "system",
                'If the documents do not contain the answer, reply exactly "Not here, sorry."',
            ),
            ("user", "Question: Why?"),
        )
    )
    assert prompt.abstain_phrase == "Not here, sorry."


def test_without_a_clause_nothing_is_agreed():
    prompt = understand(request(("system", "You are helpful."), ("user", "Question: Why?")))
    assert prompt.abstain_phrase is None
    assert not prompt.grounded


def test_known_entities_are_read():
    prompt = understand(
        request(
            (
                "user",
                "Known: invoice_id=INV-2026-0133; vendor_id=V-1007 (Brill)\nQuestion: Who?",
            )
        )
    )
    assert prompt.known == (("invoice_id", "INV-2026-0133"), ("vendor_id", "V-1007"))
