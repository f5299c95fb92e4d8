// tabs and slides of the home page
(function () {
    var heads = document.querySelectorAll("#tabs b"), lists = document.querySelectorAll("ul.tab");
    function show(at) {
        for (var i = 0; i < heads.length; i++) {
            heads[i].className = i === at ? "on" : "";
            lists[i].style.display = i === at ? "" : "none";
        }
    }
    for (var i = 0; i < heads.length; i++) {
        heads[i].onmouseover = function () { show(Number(this.getAttribute("data-at"))); };
    }
    var slides = document.querySelectorAll("#slides a"), current = 0;
    setInterval(function () {
        slides[current].style.display = "none";
        current = (current + 1) % slides.length;
        slides[current].style.display = "";
    }, 5000);
})();
