"""The ways to a search that sites have. Each is HTML for the head of a page, scripts included."""
from towns import addresses
from towns.plan import PROVINCE, Town

BAIDU = """<form action="http://www.baidu.com/baidu" target="_blank"><input type="hidden" name="si" value="gov.cn"><input type="text" name="word" size="8">
<input type="submit" value="百度"></form>"""
SERVICE = """<form action="http://zwfw.{province}/search" target="_blank"><input type="text" name="itemName" placeholder="请输入办事事项名称"><button>搜办事</button></form>"""
LETTER = """<div class="dy"><input type="text" name="email" placeholder="请输入邮箱订阅"><button type="button" onclick="alert('订阅成功')">订阅</button></div>"""


def entrance(town: Town, role: str = "home") -> str:
    """What a visitor of that page sees of the search."""
    if town.search.dead == "absent":
        return LETTER
    if town.search.wall == "picture":
        return """<img src="/images/head_r.png" width="180" height="40" onclick="location.href=unescape('%2Fss%2Findex.html')">"""
    if town.search.dead == "no-script":
        return f'<script src="/js/search-2019.js"></script><div class="ss"><input type="text" id="keys" placeholder="请输入关键词">{_button("searchNow()", "搜索")}</div>'
    if town.search.box.startswith("page"):
        return _link(town)
    return MAKERS[town.search.box](town)


def search_page(town: Town) -> str:
    """The body of the page of its own that has the box."""
    return f'<div class="searchpage"><h3>全站搜索</h3>{form(town)}</div>'


def form(town: Town, target: str = "", name: str = "", script: str = "", button: str = '<button type="submit">搜 索</button>', value: str = "") -> str:
    """A plain form to the results. script: what happens when it is sent; value: what stands in it."""
    host, path, field, fixed = addresses.route(town)
    hidden = "".join(f'<input type="hidden" name="{key}" value="{given}">' for key, given in fixed)
    aim = f' target="{target}"' if target else ""
    sent = f' onsubmit="{script}"' if script else ""
    text = f'<input type="text" name="{name or field}" id="q" placeholder="请输入关键字" value="{value}" autocomplete="off">'
    charset = ' accept-charset="gb2312"' if town.vendor == "php" else ""
    method = "post" if is_posted(town) else "get"
    return f'<form action="http://{host}{path}" method="{method}"{aim}{sent}{charset} class="searchform">{hidden}{text}{button}</form>'


def is_posted(town: Town) -> bool:
    """The results are for POST alone."""
    return town.search.box in ("post", "base64")


def _button(call: str, words: str) -> str:
    return f'<input type="button" class="btn_search" value="{words}" onclick="{call}">'


def _link(town: Town) -> str:
    if town.search.box == "page-outside":
        return f'<a href="http://search.{town.domain}/" target="_blank" class="ico_s"><img src="/images/search.png" alt="搜索" width="24" height="24"></a>'
    return '<a href="/ss/index.html" class="gjjs">站内搜索</a>'


def _address(town: Town, variable: str) -> str:
    """A JavaScript expression of the result address for a variable that holds the query, encoded twice."""
    host, path, field, fixed = addresses.route(town)
    start = f"http://{host}{path}?" + "&".join(f"{key}={given}" for key, given in fixed)
    return f'"{start}&{field}=" + encodeURIComponent(encodeURIComponent({variable}))'


def _script(town: Town) -> str:
    return f"""<div class="search-box"><input type="text" id="searchWord" maxlength="60" placeholder="请输入您要搜索的内容"
 onkeydown="if (event.keyCode == 13) {{ goSearch(); return false; }}"><a href="javascript:void(0)" onclick="goSearch()" class="s-btn">搜索</a></div>
<script>function goSearch() {{ var word = document.getElementById("searchWord").value.replace(/^\\s+|\\s+$/g, "");
if (!word) {{ alert("请输入关键字"); return; }} window.open({_address(town, "word")}); }}</script>"""


def _decoy(town: Town) -> str:
    field = addresses.route(town)[2]
    login = '<form action="/user/login" class="ad"><input type="text" name="username"><input type="password" name="password"></form>'
    real = form(town, name="show_word", script=f"document.getElementsByName('{field}')[0].value = this.show_word.value; this.show_word.disabled = true; return true;")
    real = real.replace('class="searchform">', f'class="searchform"><input type="text" name="{field}" style="display:none"><input type="text" class="off" tabindex="-1" name="website">', 1)
    return f'{login}<div class="off"><input type="text" placeholder="搜索"></div>{real}{LETTER}'


def _hint(town: Town) -> str:
    check = "if (this.q.value == '' || this.q.value == '请输入搜索内容') { alert('请输入搜索内容！'); return false; } return true;"
    made = form(town, script=check, button='<input type="submit" value="搜索">', value="请输入搜索内容")
    made = made.replace(' placeholder="请输入关键字"', """ onfocus="if (this.value=='请输入搜索内容') this.value=''" onblur="if (this.value=='') this.value='请输入搜索内容'" """)
    return made.replace("this.q.value", "document.getElementById('q').value")


def _image(town: Town) -> str:
    made = form(town, button='<img src="/images/btn_ss.png" width="40" height="24" style="cursor:pointer" onclick="document.forms[0].submit()">')
    return made.replace('id="q"', 'id="q" onkeypress="return event.keyCode != 13"')


def _enter(town: Town) -> str:
    host, path, field, fixed = addresses.route(town)
    start = f"http://{host}{path}?" + "&".join(f"{key}={given}" for key, given in fixed)
    return f"""<div class="sou"><i class="iconfont"></i><input id="sou" type="search" placeholder="输入后按回车"></div><script>
document.getElementById("sou").addEventListener("keyup", function (event) {{ if (event.keyCode === 13 && this.value) {{
location.href = "{start}&{field}=" + encodeURIComponent(this.value); }} }});</script>"""


def _icon(town: Town) -> str:
    return f"""<a href="javascript:;" class="search-icon" onclick="var l = document.getElementById('layer'); l.style.display = l.style.display == 'block' ? 'none' : 'block'">
<img src="/images/search.png" alt="搜索" width="24" height="24"></a><div class="layer" id="layer">{form(town, target="_blank")}</div>"""


def _select(town: Town) -> str:
    made = form(town, target="_blank", button='<button type="submit">检索</button>')
    return BAIDU + made.replace("<input", '<select name="scope"><option value="all" selected>本站</option><option value="prov">全省</option></select><input', 1) + SERVICE.format(province=PROVINCE)


def _alert(town: Town) -> str:
    check = "var w = document.getElementById('q').value; if (/[\\'&quot;<>%;()&amp;]/.test(w) || w.length > 45) { alert('您输入的内容含有非法字符或过长！'); return false; } return true;"
    return SERVICE.format(province=PROVINCE) + form(town, script=check)


def _base64(town: Town) -> str:
    field = addresses.route(town)[2]
    encode = f"document.getElementsByName('{field}')[0].value = btoa(unescape(encodeURIComponent(this.showkeycode.value))); return true;"
    made = form(town, name="showkeycode", script=encode, button='<input type="image" src="/images/btn_ss.png" width="40" height="24" align="absmiddle">')
    return made.replace('class="searchform">', f'class="searchform"><input type="hidden" name="{field}" value="">', 1)


LENS = '<svg width="20" height="20" viewBox="0 0 20 20"><circle cx="8" cy="8" r="6" fill="none" stroke="#333" stroke-width="2"/><path d="M13 13l6 6" stroke="#333" stroke-width="2"/></svg>'


def _inside(town: Town) -> str:
    """An application: the results come into the same page."""
    return f"""<div id="app-search"><input class="el-input__inner" placeholder="搜一搜" id="wd"><span class="el-icon-search" role="button" id="go" style="cursor:pointer">{LENS}</span></div>
<script src="/static/app-search.js"></script>"""


def _inside_icon(town: Town) -> str:
    return f"""<span class="el-icon-search toggle" role="button" title="搜索" style="cursor:pointer" onclick="document.getElementById('veil').style.display='block'">{LENS}</span>
<div id="veil" style="display:none">{_inside(town)}</div>"""


APP = """(function () {
  function go() {
    var word = document.getElementById("wd").value.trim();
    if (!word) { return; }
    history.pushState({}, "", "/search#/result");
    document.querySelector(".main").innerHTML = "<p>正在加载……</p>";
    fetch("/api/search", {method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify({wd: word, page: 1})})
      .then(function (answer) { if (!answer.ok) { throw new Error(answer.status); } return answer.text(); })
      .then(function (html) { document.querySelector(".main").innerHTML = html; })
      .catch(function (error) { document.querySelector(".main").innerHTML = "<p>系统异常，请稍后再试（" + error.message + "）</p>"; });
  }
  document.getElementById("wd").addEventListener("keydown", function (event) { if (event.key === "Enter") { go(); } });
  document.getElementById("go").addEventListener("click", go);
})();"""

MAKERS = {
    "get": form, "post": form, "outside": form, "window": lambda town: form(town, target="_blank"), "script": _script, "decoy": _decoy, "hint": _hint,
    "image": _image, "enter": _enter, "icon": _icon, "select": _select, "alert": _alert, "base64": _base64, "inside": _inside, "inside-icon": _inside_icon,
    "iframe": lambda town: '<iframe src="/ss/box.html" width="340" height="50" scrolling="no"></iframe>',
}
