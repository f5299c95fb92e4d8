// asks before a visitor leaves the site
document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[href]") : null;
    if (!link || !/^https?:/.test(link.href) || link.host === location.host || /\.gov\.cn(:\d+)?$/.test(link.host)) { return; }
    event.preventDefault();
    if (window.confirm("您访问的链接即将离开“示范县人民政府”网站，是否继续？")) { window.open(link.href); }
});

// the same for links that call it themselves
function leave(url) {
    if (window.confirm("您访问的链接即将离开“示范县人民政府”网站，是否继续？")) { window.open(url); }
}
