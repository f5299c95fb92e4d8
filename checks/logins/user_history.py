"""The user's own page lists what he asked and applied for."""
from pytest_govsite import Accounts, Blame, Finding, Note, Undetermined, check

HINT = "没有配置测试账号（环境变量 GOVSITE_USER_站点编号、GOVSITE_PASSWORD_站点编号），无法查看用户主页"


@check("user-history")
def check_user_history(accounts: Accounts):
    """A registered user finds his questions and applications on a page of his own: a merit.

    Counts        the site once, when the test account's page has lists of letters or applications with entries in them.
    Excuses       none.
    Undetermined  no test account, or it could not log in; no page of its own was found; the lists are there but hold nothing,
                  so that the account has no history to show.
    """
    if not accounts.configured:
        raise Undetermined(HINT, Blame.ACCOUNT)
    if accounts.refused:
        raise Undetermined(f"测试账号未能登录：{accounts.refused.says}", accounts.refused.blame)
    history = accounts.history
    if history is None:
        raise Undetermined("测试账号登录后没有找到用户主页，待检查人员核定", Blame.PERSON)
    if not history.lists:
        yield Note("用户主页上没有看到咨询、办件等历史信息的列表", history.url)
        return
    names = "、".join(history.lists)
    if not history.entries:
        raise Undetermined(f"用户主页有“{names}”，但测试账号没有历史记录：请换一个有咨询、办件记录的账号", Blame.ACCOUNT)
    yield Finding(history.url, "用户空间", f"用户主页可浏览“{names}”，测试账号共有 {history.entries} 条历史记录")
