// writes the pager of a list that consists of name.ext, name_1.ext and so on
function createPageHTML(count, at, name, ext) {
    function link(page, words) {
        var href = page === 0 ? name + "." + ext : name + "_" + page + "." + ext;
        return page === at || page < 0 || page >= count ? words : "<a href='" + href + "'>" + words + "</a>";
    }
    document.write("共" + count + "页　" + link(0, "首页") + "　" + link(at - 1, "上一页") + "　" + link(at + 1, "下一页") + "　" + link(count - 1, "尾页"));
}
