"""Blocks in which somebody who is logged in has to log in again."""
from pytest_govsite import Accounts, Blame, Finding, Undetermined, Unseen, check

HINT = "没有配置测试账号（环境变量 GOVSITE_USER_站点编号、GOVSITE_PASSWORD_站点编号），无法登录一次后查看各板块"


@check("repeated-login")
def check_repeated_login(accounts: Accounts, *, categories: str = "互动交流,咨询建言,调查征集,在线访谈,依申请公开"):
    """Who has logged in once is not known in every block of the site.

    Counts        the site once: when the test account has logged in and a block shows it its login form again; without a test
                  account when blocks of these categories firmly have separate account systems.
    Excuses       petitions, discipline and other channels of their own; a page that shows its login form to everybody.
    Undetermined  no test account, or it could not log in; a block of which it cannot be told whether it knows the visitor.
    """
    forgetful = [visit for visit in accounts.visits if visit.known is False]
    if forgetful:
        names = "、".join(visit.section for visit in forgetful)
        yield Finding(forgetful[0].url, "一号登录", f"登录一次后，这些板块仍要求登录：{names}，如 {forgetful[0].url}")
        return
    if not accounts.configured or accounts.refused:
        yield from _without_account(accounts, tuple(categories.split(",")))
    for visit in accounts.visits:
        if visit.known is None:
            why = visit.why.says if visit.why else "看不出是否认得用户"
            yield Unseen(visit.url, f"板块“{visit.section}”：{why}", visit.why.blame if visit.why else Blame.PERSON)
    if accounts.stopped:
        yield Unseen(accounts.stopped.url, f"可能还有其他板块：{accounts.stopped.says}", accounts.stopped.blame)
    if accounts.configured and not accounts.refused and not accounts.visits:
        raise Undetermined("测试账号已登录，但没有找到可查看的板块", Blame.PERSON)


def _without_account(accounts, categories):
    apart = accounts.apart(categories)
    if apart:
        last = next(login for login in apart[-1].logins if login.category in categories)
        told = "；".join(f"“{system.logins[0].section}”用 {system.name} 的账号" for system in apart)
        yield Finding(last.page, "一号登录", f"各板块的账号系统各自独立，一个账号不能通用：{told}", apart[-1].form.shot)
    elif accounts.refused:
        raise Undetermined(f"测试账号未能登录：{accounts.refused.says}", accounts.refused.blame)
    else:
        raise Undetermined(HINT, Blame.ACCOUNT)
