"""Other ways to build the same clean site, one line each: no faults, but a careless tool trips over them.

They are chosen like faults, by id, one way to search at a time; the usual site has none of them.
"""
from pytest_govsite.demo.content import searched
from pytest_govsite.demo.fault import Fault

WAYS = (
    Fault("trap:post", "", "*", "搜索用 POST 提交，按钮是一张图片，结果在框架里", content=searched(box="post", results="frame")),
    Fault("trap:window", "", "*", "搜索框不是表单，脚本打开新窗口，搜索词编码两次", content=searched(box="window")),
    Fault("trap:layer", "", "*", "点了图标才出现搜索框，结果直接在页面里", content=searched(box="layer", results="page")),
    Fault("trap:link", "", "*", "首页只有一个通到搜索页的链接", content=searched(box="link")),
    Fault("trap:host", "", "*", "搜索框在框架里，结果在另一个域名上", content=searched(box="host")),
    Fault("trap:ipv6-links", "", "*", "首页能用 IPv6 打开，一部分内页不能"),
    Fault("trap:ns-without-ipv6", "", "*", "两台域名服务器都没有 IPv6 地址"),
)
