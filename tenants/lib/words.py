"""Words as people mean them, however they spell them."""

import re
import unicodedata


def plain_words(text: str) -> str:
    """Lower case, without accents and punctuation: “E-mail” → “e mail”, “Observações:” → “observacoes”."""
    letters = "".join(character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", " ", letters.lower()).strip()
