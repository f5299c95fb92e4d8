// draws the list of a catalogue from the platform's interface
(function () {
    var box = document.getElementById("app"), asked = new XMLHttpRequest();
    asked.open("GET", box.getAttribute("data-list"));
    asked.onload = function () {
        var rows = JSON.parse(asked.responseText).articles.map(function (one) {
            return "<li><a href='" + one.url + "' target='_blank'>" + one.title + "</a><span class='date'>" + one.date + "</span></li>";
        });
        box.innerHTML = "<ul class='list_news'>" + rows.join("") + "</ul>";
    };
    asked.send();
})();
