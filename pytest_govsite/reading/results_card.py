"""The block by which a result page offers the service itself that was searched for."""
import re

from pytest_govsite.reading.list_links import in_menu
from pytest_govsite.reading.list_pieces import Piece
from pytest_govsite.reading.results_classes import ALL, CLASS
from pytest_govsite.reading.results_match import bare
from pytest_govsite.reading.results_page import ResultsPage

ACT = re.compile(r"^(?:在线|网上|立即|马上|我要|全程网办|一键|掌上|手机|即时)?(?:办理|申请|申报|预约|缴费|登记|办事)(?:入口)?$|^(?:我要办|去办理|立即办|马上办|网上办|在线办|直接办|点击办理|进入办理|立即查询|在线查询)$")
TELL = re.compile(
    r"^(?:办事|服务|办理)?(?:指南|须知)$|^(?:申请|受理|办理|许可|申报)(?:条件|材料|流程|时限|依据|地点|方式|时间|机构|部门|对象|须知)$|^(?:收费标准|法定时限|承诺时限|法定办结时限|承诺办结时限|法律依据|设定依据|实施主体|常见问题|咨询电话|监督电话|咨询方式|在线咨询|我要咨询|表格下载|样表下载|材料清单|所需材料|相关政策|服务对象|事项类型|办件类型)$"
)
ENOUGH, UP, FURTHER, MOST_ALIKE, MOST_ACTS, MOST_TEXTS = 2, 4, 2, 40, 60, 150
LONGEST_WORD, LONGEST_CARD, LONGEST_WORDS = 12, 700, 80


def read_card(page: ResultsPage, query: str) -> str:
    """The words of a block that names the service and lets a visitor apply or tells how; empty when there is none.

    At least one word that acts (在线办理) and another that acts or tells (办事指南, 申请条件), as links or buttons of their own; names
    of classes are none.
    """
    texts = [text for text in page.texts(0, len(page.pieces)) if len(text.text) <= LONGEST_WORD and ACT.match(_word(text.text))]
    for text in texts[:MOST_ACTS]:
        item = page.item(text)
        card = not in_menu(text) and _is_alone(page, item) and _card(page, item, bare(query))
        if card:
            return card
    return ""


def _card(page: ResultsPage, item: Piece, wanted: str) -> str:
    """The words of the nearest block around an acting word that has enough of them and names the service."""
    around, enough = item.up(UP + FURTHER), None
    for level, box in enumerate(around):
        texts = [text.text for text in page.texts(box.place, box.last)]
        if box.tag == "body" or len(texts) > MOST_TEXTS or sum(map(len, texts)) > LONGEST_CARD:
            return ""
        words = list(dict.fromkeys(word for text in texts if _is_word(word := _word(text))))
        if len(words) >= ENOUGH and enough is None:
            enough = level
        if enough is not None and level - enough <= FURTHER:
            rest = next((text for text in texts if not _is_word(_word(text)) and _shares(bare(text), wanted)), "")
            if rest:
                return f"{rest[:40]}：{'、'.join(words)}"[:LONGEST_WORDS]
    return ""


def _word(text: str) -> str:
    return re.sub(r"[\W_\d]+", "", text)


def _is_word(text: str) -> bool:
    return bool(ACT.match(text) or TELL.match(text))


def _shares(text: str, wanted: str) -> bool:
    """The text holds the query, or three characters of it in a row."""
    parts = {wanted[at:at + 3] for at in range(len(wanted) - 2)} or {wanted}
    return bool(wanted) and any(part in text for part in parts)


def _is_alone(page: ResultsPage, item: Piece) -> bool:
    """It is not one of a row of classes."""
    row = [kid for kid in item.parent.kids if kid.tag == item.tag] if item.parent is not None else []
    said = [_word(page.said(kid)) for kid in row[:MOST_ALIKE]]
    return not any(ALL.match(word) or CLASS.search(word) and len(word) <= LONGEST_WORD and not _is_word(word) for word in said)
