"""Published words in the languages of the customers."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in every language. Placeholders such as `{police}` stand for rows of the approved table."""

    zh_hans: str
    en: str
    zh_hant: str

    def in_(self, language: Language) -> str:
        """The sentence in `language`."""
        if language is Language.ZH_HANT:
            return self.zh_hant
        return self.en if language is Language.EN else self.zh_hans

    def as_dict(self) -> dict[str, str]:
        """Language tag -> sentence, as the API shows it."""
        return {"zh-Hans": self.zh_hans, "zh-Hant": self.zh_hant, "en": self.en}

    @classmethod
    def of(cls, body: Mapping[str, str]) -> "Words":
        """From a content body; Traditional falls back to Simplified until a release derives it."""
        return cls(zh_hans=body["zh-Hans"], en=body["en"], zh_hant=body.get("zh-Hant") or body["zh-Hans"])
