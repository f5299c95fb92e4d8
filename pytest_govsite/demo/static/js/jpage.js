// shows the records that stand in the page's data store
(function () {
    var boxes = document.querySelectorAll(".default_pgContainer"), stores = document.querySelectorAll("script[type='text/xml']");
    for (var i = 0; i < stores.length; i++) {
        var rows = stores[i].text.match(/<!\[CDATA\[[\s\S]*?\]\]>/g) || [];
        boxes[i].innerHTML = "<ul>" + rows.map(function (row) { return row.slice(9, -3); }).join("") + "</ul>";
    }
})();
