// written for the demo after what such scripts leave in real pages
(function () {
    var here = document.currentScript || document.getElementById("_jiucuo_");
    var code = here.getAttribute("sitecode");
    window.Link = function (code) {
        window.open("https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=" + code + "&url=" + encodeURIComponent(location.href));
    };
    var span = document.getElementById("_span_jiucuo");
    if (!span) {
        span = document.createElement("span");
        span.id = "_span_jiucuo";
        here.parentNode.insertBefore(span, here);
    }
    span.innerHTML = "<img onclick=\"Link('" + code + "')\" style='cursor:pointer' src='https://zfwzgl.www.gov.cn/exposure/images/jiucuo.png?v=" + code + "'>";
})();
