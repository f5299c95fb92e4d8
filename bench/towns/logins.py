"""Where visitors of a town log in: one account of the province, or systems of their own."""
from urllib.parse import parse_qs, quote

from aiohttp import web

from towns import dress
from towns.oddities import moved, page
from towns.plan import PROVINCE, Town

SSO = f"http://sso.{PROVINCE}"
NAME, PASSWORD = "zhangsan_test", "Qx7-blue-harbour"
PLACES = {"县长信箱": "/hd/xzxx.html", "网上咨询": "/hd/wszx.html", "依申请公开": "/hd/ysqgk.html"}
UNIFIED = """<div class="login"><h2>统一身份认证平台</h2><form method="post" action="/cas/login{query}"><p>账号 <input type="text" name="username"></p><p>密码 <input type="password" name="password"></p>
<button type="submit">登录</button></form><p><a href="/cas/register">注册新用户</a>　<a href="/cas/forget">忘记密码</a></p>{note}</div>"""
OWN = """<div class="login"><h2>{title}用户登录</h2><form method="post" action="/login"><p>用户名：<input type="text" name="yhm"></p><p>密　码：<input type="password" name="mm"></p><input type="submit" value="登 录"></form>
<p>还没有账号？<a href="/register">立即注册</a></p></div>"""
REGISTER = """<h2>{title}注册</h2><form method="post"><p>用户名 <input name="yhm"></p><p>手机号 <input name="sj"></p><p>密码 <input type="password" name="mm"></p><p>确认密码 <input type="password" name="mm2"></p><button>注册</button></form>"""


def letters(town: Town) -> str:
    """The body of 县长信箱."""
    there = f"http://xzxx.{town.domain}/login" if "logins:two" in town.faults else "/hd/login"
    return f'<h2>县长信箱</h2><p><a href="{there}" class="btn">我要写信</a> <a href="{there}">登录</a></p>{_letters(town)}'


def questions(town: Town) -> str:
    """The body of 网上咨询."""
    return f'<h2>网上咨询</h2><p><a href="/hd/login?to=zx" class="btn">我要咨询</a></p>{_letters(town)}'


def _letters(town: Town) -> str:
    rows = "".join(f"<tr><td>关于{topic}的咨询</td><td>2026-10-{n:02d}</td><td>已答复</td></tr>" for n, topic in enumerate(("路灯维修", "入学条件", "公交线路"), 11))
    return f"<table><tr><th>标题</th><th>来信时间</th><th>状态</th></tr>{rows}</table>"


def disclosure(town: Town) -> str:
    """The body of 依申请公开."""
    return '<h2>依申请公开</h2><p>公民、法人或者其他组织可以向本机关申请获取政府信息。</p><p><a href="/hd/login?to=ysq">我要申请</a></p>'


def own(town: Town, request: web.BaseRequest) -> web.Response | None:
    """The town's own part: hands over to the province, knows who comes back; None: not its business."""
    path, known = request.path, "ticket=" in request.headers.get("cookie", "")
    if path in ("/user/login", "/hd/login"):
        if known and not (town.account == "forgets" and path == "/hd/login"):
            return moved("/user/center")
        if "logins:two" in town.faults:
            return moved("/user/login") if path == "/hd/login" else page(OWN.format(title=f"{town.place}政府网站").replace('"/register"', '"/user/register"'))
        extra = "&renew=true" if town.account == "forgets" and path == "/hd/login" else ""
        return moved(f"{SSO}/cas/login?service={quote(town.url + 'user/back', safe='')}{extra}")
    if path == "/user/register":
        return page(REGISTER.format(title=f"{town.place}政府网站"))
    if path == "/user/back":
        return moved("/user/center", cookie="ticket=1; Path=/")
    if path == "/user/center":
        return whole(town, _center(known)) if known else moved("/user/login")
    return None


def _center(known: bool) -> str:
    return f"""<h2>用户中心</h2><p>您好，{NAME}　<a href="/user/logout">退出</a></p><div class="tabs"><a href="/user/center">我的主页</a></div><h3>我的咨询</h3>
<table><tr><th>标题</th><th>时间</th><th>状态</th></tr><tr><td>关于路灯维修的咨询</td><td>2026-09-12</td><td>已答复</td></tr><tr><td>关于入学条件的咨询</td><td>2026-10-08</td><td>已答复</td></tr></table>
<h3>我的办件</h3><table><tr><td>居民身份证换领</td><td>2026-08-20</td><td>已办结</td></tr></table>"""


def whole(town: Town, body: str) -> web.Response:
    """A page of the town with that body."""
    return web.Response(body=dress.page(town, "用户中心", body, "user").encode("gb18030" if town.vendor == "php" else "utf-8"),
                        headers={"content-type": "text/html; charset=" + ("gb2312" if town.vendor == "php" else "utf-8")})


def province(request: web.BaseRequest, sent: str) -> web.Response:
    """The unified identity: one account for all."""
    query = f"?{request.query_string}" if request.query_string else ""
    service = parse_qs(request.query_string).get("service", [f"http://www.{PROVINCE}/"])[0]
    if request.path == "/cas/register":
        return page(REGISTER.format(title="统一身份认证平台"))
    if "tgc=1" in request.headers.get("cookie", "") and "renew=true" not in query:
        return moved(f"{service}?ticket=ST-1")
    if request.method == "POST":
        form = parse_qs(sent)
        if (form.get("username"), form.get("password")) == ([NAME], [PASSWORD]):
            return moved(f"{service}?ticket=ST-1", cookie="tgc=1; Path=/")
        return page(UNIFIED.format(query=query, note="<p>用户名或密码错误</p>"))
    return page(UNIFIED.format(query=query, note=""))


def apart(title: str, request: web.BaseRequest) -> web.Response:
    """A system with accounts of its own."""
    return page(REGISTER.format(title=title) if request.path == "/register" else OWN.format(title=title))
