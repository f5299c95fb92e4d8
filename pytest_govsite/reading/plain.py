"""The one way by which a site's text enters what people read."""
import re
import unicodedata

# CSI and OSC sequences, ECMA-48 sections 5.4 and 8.3.89
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\].*?(?:\x07|\x1b\\|$)|\x1b.?", re.DOTALL)


def plain(text: str, limit: int = 200) -> str:
    """One bounded line of a site's text: no terminal escapes, no control, direction or other invisible characters."""
    text = " ".join(_ESCAPES.sub("", text[: limit * 8]).split())
    if not text.isprintable():  # most texts are, and tens of thousands pass through here
        text = "".join(char for char in text if not unicodedata.category(char).startswith("C"))
    return text if len(text) <= limit else text[: limit - 1] + "…"
