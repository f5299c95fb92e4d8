// asks for the results and draws them
(function () {
    var place = document.getElementById("results"), asked = new XMLHttpRequest();
    asked.open("GET", place.getAttribute("data-from"));
    asked.onload = function () { place.innerHTML = JSON.parse(asked.responseText).result; };
    asked.send();
})();
