"""Interactive columns that each want an account of their own."""
from pytest_govsite import Accounts, Blame, Finding, Note, Undetermined, Unseen, check

NAMED = 4  # sections that a text names


@check("separate-login")
def check_separate_login(accounts: Accounts, *, categories: str = "互动交流,咨询建言,调查征集,在线访谈"):
    """Columns of these categories let visitors log in and register, and not all of them with one account.

    Counts        the site once: when two account systems of its own each show a password form and a registration, or one
                  such system stands beside a unified identity, and neither speaks of the other.
    Excuses       petitions, discipline and other channels of their own; several hosts that hand over to one identity; columns
                  that need no account; systems that the test account showed to know each other.
    Undetermined  several systems of which it is not certain that an account of one is none of the others'; an entrance that
                  could not be opened; columns that nobody saw.
    """
    asked = tuple(categories.split(","))
    apart = accounts.apart(asked)
    if apart:
        last = next(login for login in apart[-1].logins if login.category in asked)
        form = apart[-1].form
        yield Finding(last.page, "统一登录", f"互动栏目没有统一注册登录：{_told(apart)}", form.shot if form else None)
        return
    systems = [one for one in accounts.systems((*asked, "")) if _is_theirs(one, asked)]
    if len(systems) > 1:
        raise Undetermined(f"看到 {len(systems)} 个登录系统，不能确定是否互通，待检查人员核定：{_told(systems)}", Blame.PERSON)
    for gap in accounts.gaps((*asked, "")):
        yield Unseen(gap.url, f"可能还有其他登录系统：{gap.says}", gap.blame)
    if not systems:
        yield Note("首页和各互动栏目都没有看到注册登录入口")


def _is_theirs(system, asked):
    """Not merely a link of the home page to another body's system."""
    return any(login.category in asked or login.own or login.unified for login in system.logins)


def _told(systems):
    return "；".join(_one(system) for system in systems)


def _one(system):
    sections = list(dict.fromkeys(login.section for login in system.logins))
    places = "、".join(sections[:NAMED]) + ("等" if len(sections) > NAMED else "")
    form, registration = system.form, system.registration
    says = [f"“{places}”登录 {(form or system.logins[0]).final_url}"]
    says += [f"注册 {registration.final_url}"] if registration else []
    says += [f"自称统一身份认证（{system.unified}）"] if system.unified else []
    return "，".join(says)
