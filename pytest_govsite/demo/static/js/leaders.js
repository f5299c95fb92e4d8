// draws the leaders from data
(function () {
    var asked = new XMLHttpRequest(), box = document.getElementById("leaders");
    asked.open("GET", "/zfxxgk/ldzc/leaders.json");
    asked.onload = function () {
        JSON.parse(asked.responseText).forEach(function (one) {
            var photo = one.photo ? "<img src='" + one.photo + "' alt='" + one.name + "'>" : "";
            box.innerHTML += "<div class='leader'><a href='" + one.path + "'>" + photo + "</a><div><h4><a href='" + one.path + "'>" + one.name + "</a></h4><p>" + one.post + "</p></div></div>";
        });
    };
    asked.send();
})();
