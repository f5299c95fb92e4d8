"""In which characters a page was written."""
import pytest

from pytest_govsite.gather.charset import decode, read_charset

TEXT = "<p>宣汉县人民政府办公室关于印发通知</p>"
WITH_META = '<html><head><!-- ' + "x" * 2000 + ' --><meta charset="{}"></head>' + TEXT
GBK, MARKED_GBK = TEXT.encode("gbk"), WITH_META.format("gbk").encode("gbk")

CASES = {
    "header alone": (TEXT.encode("gbk"), "text/html; charset=GBK", "gb18030"),
    "header in quotes": (TEXT.encode("gbk"), 'text/html; charset="gb2312"', "gb18030"),
    "meta alone, late in the head": (WITH_META.format("gb2312").encode("gbk"), "text/html", "gb18030"),
    "old meta": (b'<META HTTP-EQUIV=Content-Type CONTENT="text/html; charset=gb2312">' + GBK, "", "gb18030"),
    "XML declaration": (b'<?xml version="1.0" encoding="GBK"?>' + TEXT.encode("gbk"), "text/xml", "gb18030"),
    "header says UTF-8, bytes are GBK as meta says": (MARKED_GBK, "text/html;charset=utf-8", "gb18030"),
    "header says GBK, bytes are UTF-8": (TEXT.encode(), "text/html;charset=GBK", "utf-8"),
    "servlet default in the header, meta tells": (MARKED_GBK, "text/html;charset=ISO-8859-1", "gb18030"),
    "nothing named, UTF-8": (TEXT.encode(), "", "utf-8"),
    "nothing named, GBK": (TEXT.encode("gbk") * 5, "", "gb18030"),
    "traditional": ("<p>縣市政府公告資訊</p>".encode("big5"), "text/html; charset=big5", "big5hkscs"),
    "one stray byte": (TEXT.encode("gbk") + b"\xff" + TEXT.encode("gbk"), "text/html; charset=gbk", "gb18030"),
    "cut inside the last character": (TEXT.encode("gbk")[:-6], "text/html; charset=gbk", "gb18030"),
    "unknown name": (TEXT.encode(), "text/html; charset=utf8mb4", "utf-8"),
    "costly name": (TEXT.encode(), "text/html; charset=punycode", "utf-8"),
    "no text encoding": (TEXT.encode(), "text/html; charset=zlib", "utf-8"),
    "meta claims UTF-16": (b'<meta charset="utf-16">' + TEXT.encode(), "", "utf-8"),
    "plain ASCII": (b"<p>ok</p>", "text/html; charset=gbk", "gb18030"),
    "empty": (b"", "", "utf-8"),
}


@pytest.mark.parametrize("body, header, expected", CASES.values(), ids=CASES)
def test_charset(body, header, expected):
    assert read_charset(body, header) == expected


@pytest.mark.parametrize("codec, mark", [("utf-8-sig", b""), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")])
def test_byte_order_mark_comes_first(codec, mark):
    assert decode(mark + TEXT.encode(codec), "text/html; charset=gbk") == TEXT


def test_what_cannot_be_read_is_marked():
    assert decode(b"a\xffb", "text/html; charset=utf-8").count("\ufffd") == 1


def test_rare_characters_of_names():
    """GBK pages carry characters of GB 18030 in personal names."""
    assert decode("𠮷㼆".encode("gb18030"), "text/html; charset=gb2312") == "𠮷㼆"
