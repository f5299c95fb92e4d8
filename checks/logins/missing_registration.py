"""Registration that a user of the services cannot find or cannot finish."""
from pytest_govsite import Accounts, Blame, Finding, Undetermined, check

HINT = "能否注册须用测试账号核实（环境变量 GOVSITE_USER_站点编号、GOVSITE_PASSWORD_站点编号）"


@check("missing-registration")
def check_missing_registration(accounts: Accounts):
    """Users cannot register online.

    Counts        the site once: when every registration that it offers, of its own, is firmly gone (404, 410) and all was seen.
    Excuses       a registration form that was seen, and a test account that logged in: somebody could register.
    Undetermined  no test account, or it could not log in; no login and no registration in any column that was seen; no
                  registration form was seen.
    """
    offered = [login for login in accounts.counted if login.kind == "register"]
    opened = [login for login in offered if not login.unread]
    if _is_gone(accounts, offered):
        first = offered[0]
        yield Finding(first.page, "注册", f"提供的注册功能打不开：{first.url}，{first.unread.detail}")
        return
    if not accounts.logins and not accounts.stopped:
        raise Undetermined("首页和各栏目都没有看到注册登录入口，待检查人员核定", Blame.PERSON)
    if not accounts.configured:
        raise Undetermined(HINT, Blame.ACCOUNT)
    if accounts.refused:
        raise Undetermined(f"测试账号未能登录：{accounts.refused.says}", accounts.refused.blame)
    if not opened:
        raise Undetermined("测试账号可以登录，但没有看到注册表单，待检查人员核定", Blame.PERSON)


def _is_gone(accounts, offered):
    """No other way to an account is left: no other form, and nothing that nobody saw."""
    logins = [login for login in accounts.counted if login.kind == "login"]
    other = any(login.unified or login.form in ("scan", "sms") or not login.own for login in logins)
    gone = all(login.own and login.unread and login.unread.detail in ("HTTP 404", "HTTP 410") for login in offered)
    return bool(offered) and gone and not other and not accounts.gaps()
