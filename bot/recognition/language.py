"""In which language and script a customer writes."""

from bot.core.vocabulary import Language
from bot.recognition.normalise import CJK, simplified, traditional

OTHER_SCRIPTS = (
    (0x0400, 0x052F),  # Cyrillic
    (0x0590, 0x05FF),  # Hebrew
    (0x0600, 0x06FF),  # Arabic
    (0x0900, 0x0DFF),  # scripts of South Asia
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x0F00, 0x109F),  # Tibetan, Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x1800, 0x18AF),  # Mongolian
    (0x3040, 0x30FF),  # Japanese kana
    (0xAC00, 0xD7AF),  # Korean
)


def detect(text: str, *, default: Language = Language.ZH_HANS) -> Language:
    """The language to answer in. A text in characters that both scripts share keeps `default`."""
    hans = hant = latin = cjk = 0
    for char in text:
        if CJK.match(char):
            cjk += 1
            hant += simplified(char) != char
            hans += traditional(char) != char
        elif char.isascii() and char.isalpha():
            latin += 1
    if cjk == 0:
        return Language.EN if latin >= 2 else default
    if latin > cjk * 6:
        return Language.EN
    if hant > hans:
        return Language.ZH_HANT
    if hans > hant:
        return Language.ZH_HANS
    return Language.ZH_HANS if default is Language.EN else default


def is_supported(text: str) -> bool:
    """Whether most of the letters belong to a script the assistant reads."""
    letters = foreign = 0
    for char in text:
        if char.isalpha():
            letters += 1
            if not char.isascii() and not CJK.match(char):
                foreign += any(low <= ord(char) <= high for low, high in OTHER_SCRIPTS)
    return letters == 0 or foreign * 2 < letters
