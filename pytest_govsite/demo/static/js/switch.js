// tabs of a column page
(function () {
    var heads = document.querySelectorAll(".switch b"), lists = document.querySelectorAll(".list > ul");
    heads.forEach(function (head, at) {
        head.onclick = function () {
            heads.forEach(function (other, i) { other.className = i === at ? "on" : ""; lists[i].style.display = i === at ? "" : "none"; });
        };
    });
})();
