// what every search box of the site does before it sends
function checkWord(form) {
    var word = form.searchWord.value;
    if (!word || word === "请输入关键词") { alert("请输入关键词"); return false; }
    if (/['"<>%;&]/.test(word)) { alert("关键词含有非法字符，请重新输入"); return false; }
    return true;
}

// a box without a form: the word is encoded twice, as the server wants it
function searchIn(box) {
    if (!box.value) { alert("请输入关键词"); return; }
    window.open("/search/s?searchWord=" + encodeURIComponent(encodeURIComponent(box.value)));
}
