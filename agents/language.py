"""Tells whether a question is written in English, without a model."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")

_ENGLISH = frozenset(
    [
        "the",
        "a",
        "an",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "from",
        "by",
        "with",
        "and",
        "or",
        "not",
        "what",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "why",
        "how",
        "many",
        "much",
        "long",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "can",
        "could",
        "should",
        "would",
        "will",
        "may",
        "must",
        "this",
        "that",
        "these",
        "those",
        "there",
        "it",
        "its",
        "they",
        "them",
        "their",
        "we",
        "our",
        "us",
        "i",
        "my",
        "me",
        "you",
        "your",
        "he",
        "she",
        "if",
        "under",
        "over",
        "about",
        "after",
        "before",
        "between",
        "any",
        "all",
        "please",
        "show",
        "list",
        "tell",
        "give",
    ]
)
_FOREIGN = {
    "German": "der die das den dem des ein eine einen einer ist sind war wurde wurden nicht und oder "
    "was wer wann warum wie viel viele welche welcher welches wo für von mit auf bei zu zum zur im "
    "haben hat hatte wir uns unser unsere ich mir bitte nach vor noch bezahlt rechnung",
    "French": "le la les un une des du de est sont était pourquoi quand comment combien quel quelle "
    "quels quelles qui que quoi où pour avec sur dans pas et ou nous notre vous votre avons a été "
    "facture fournisseur payée payé s'il cette ce ces au aux il elle",
    "Spanish": "el la los las un una unos es son fue por qué cuándo cómo cuánto cuánta cuántas quién "
    "cuál dónde para con en del de y o no se nuestro nuestra hemos ha está factura proveedor pagado "
    "esta este al lo su sus",
    "Italian": "il lo la gli le un uno una è sono stato stata perché quando come quanto quanta quale "
    "chi dove per con su nel nella del della di e o non si abbiamo nostro nostra fattura fornitore "
    "pagata pagato questa questo",
    "Portuguese": "o os as um uma é são foi por que quando como quanto qual quem onde para com em do "
    "da de e ou não nosso nossa temos fatura fornecedor pago paga esta este ao",
    "Dutch": "de het een is zijn was waarom wanneer hoe hoeveel welke wie waar voor met op bij van en "
    "of niet wij onze ons heeft hebben factuur leverancier betaald dit deze dat",
    "Polish": "jest są był była dlaczego kiedy jak ile który która kto gdzie dla z na w do od i lub "
    "nie nasz nasza mamy faktura faktury dostawca zapłacona",
    "Danish or Norwegian": "er var hvorfor når hvordan hvor meget mange hvilken hvem for med på av af "
    "og eller ikke vi vår vores har ble blev faktura leverandør betalt denne det den",
    "Swedish": "är var varför när hur mycket många vilken vem för med på av och eller inte vi vår har "
    "blev faktura leverantör betald betalades denna det den",
}
_LISTS = {language: frozenset(words.split()) for language, words in _FOREIGN.items()}


def foreign_language(text: str) -> str | None:
    """Return the language of a text that is not English, None for English or when unsure.

    A text in another script is named by its script. Latin text counts as
    foreign when at least two of its words, and clearly more than are English,
    are common words of one other language.
    """
    letters = [character for character in text if character.isalpha()]
    other = [c for c in letters if not unicodedata.name(c, "").startswith("LATIN")]
    if letters and len(other) > 0.3 * len(letters):
        # Greek letters in a formula or a name are no sentence.
        return unicodedata.name(other[0], "UNKNOWN").split()[0].title()
    words = [word.casefold() for word in _WORD.findall(text)]
    english = sum(word in _ENGLISH for word in words)
    best = max(_LISTS, key=lambda language: sum(word in _LISTS[language] for word in words))
    hits = sum(word in _LISTS[best] for word in words)
    return best if hits >= 2 and hits >= english + 2 else None
