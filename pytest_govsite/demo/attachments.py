"""Small real files to download: PDF, Word, Excel old and new, CSV."""
import io
import struct
import zipfile
from html import escape
from xml.sax.saxutils import escape as escape_xml

TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_FIGURES = (("指标", "本期"), ("合计", "1286"), ("其中：城镇", "794"), ("其中：农村", "492"))
_SONG = b"STSong-Light"
_LONG_AGO = (2024, 1, 1, 0, 0, 0)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def attachment(kind: str, title: str) -> bytes:
    """A file of that kind (pdf, doc, docx, xls, xlsx, csv) with the title in it; the same bytes for the same title."""
    return {"pdf": _pdf, "doc": _doc, "docx": _docx, "xls": _xls, "xlsx": _xlsx, "csv": _csv}[kind](title)


def _pdf(title: str) -> bytes:
    """One page; the font is one that every PDF reader has for Chinese, so nothing is embedded."""
    shown = f"BT /F1 18 Tf 60 760 Td <{title.encode('utf-16-be').hex()}> Tj ET".encode()
    letters = b"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    box = b"/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>" % _SONG,
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/%s/CIDSystemInfo%s/FontDescriptor 7 0 R>>" % (_SONG, letters),
        b"<</Type/FontDescriptor/FontName/%s/Flags 6%s>>" % (_SONG, box),
    ]
    return _numbered(parts)


def _numbered(parts: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table)
    return bytes(out)


def _doc(title: str) -> bytes:
    """A web page under the name .doc, which Word opens and many offices publish."""
    return f'<html><head><meta charset="utf-8"></head><body><h1>{escape(title)}</h1></body></html>'.encode()


def _docx(title: str) -> bytes:
    text = f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>{escape_xml(title)}</w:t></w:r></w:p></w:body></w:document>'
    return _packed("word/document.xml", f"{TYPES['docx']}.main+xml", {"word/document.xml": text})


def _xlsx(title: str) -> bytes:
    rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in ((title,), *_FIGURES))
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_LINKS}"><sheets><sheet name="数据" sheetId="1" r:id="r1"/>'
                           "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
                                      f'Type="{_LINKS}/worksheet" Target="sheet.xml"/></Relationships>',
        "xl/sheet.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>',
    }
    sheet = f'<Override PartName="/xl/sheet.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
    return _packed("xl/workbook.xml", f"{_SHEET_TYPE}.sheet.main+xml", parts, sheet)


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape_xml(text)}</t></is></c>'


def _packed(main: str, type: str, parts: dict[str, str], more: str = "") -> bytes:
    """An Office file: a ZIP of XML, its main part named in two more."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    links = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    named = f'<Override PartName="/{main}" ContentType="{type}"/>'
    link = f'<Relationship Id="r1" Type="{_LINKS}/officeDocument" Target="{main}"/>'
    around = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{links}{named}{more}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{link}</Relationships>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (around | parts).items():
            packed.writestr(zipfile.ZipInfo(name, _LONG_AGO), head + text)
    return out.getvalue()


def _csv(title: str) -> bytes:
    return "\r\n".join(",".join(row) for row in ((title,), *_FIGURES)).encode("utf-8-sig")


def _xls(title: str) -> bytes:
    """BIFF2, the oldest Excel format: a stream of records, still opened by Excel and LibreOffice."""
    rows = [(title,), *_FIGURES]
    cells = [
        _record(0x04, struct.pack("<HH3x", y, x) + _short(text))
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
    ]
    begin, chinese, end = struct.pack("<HH", 0x0002, 0x0010), struct.pack("<H", 936), b""
    return b"".join([_record(0x09, begin), _record(0x42, chinese), *cells, _record(0x0A, end)])


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _short(text: str) -> bytes:
    data = text.encode("gbk")[:255]
    return bytes([len(data)]) + data
