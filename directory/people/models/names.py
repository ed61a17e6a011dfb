"""Order people as Dutch filing does: by surname, the prefix after it, accents ignored."""

import re
import unicodedata

from django.db import models

# NFKD takes an accent off its letter, but these letters are no letter plus accent.
_WHOLE_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)


def plain(text: str) -> str:
    """Reduce a name to lower-case unaccented words: what is typed and what is stored compare equal."""
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_WHOLE_LETTERS)
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"['’`]", "", re.sub(r"[^\w'’`]|_", " ", kept)).split())


def sort_key(*, surname: str, prefix: str = "", initials: str = "") -> str:
    """Make the filing key of a name: "E. van der Meulen" files under "meulen van der e"."""
    return " ".join(part for part in map(plain, (surname, prefix, initials)) if part)


class SortKeyField(models.CharField):
    """Keep the filing key beside the name it is made of, in bulk writes too."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = sort_key(
            surname=model_instance.surname, prefix=model_instance.prefix, initials=model_instance.initials
        )[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key
