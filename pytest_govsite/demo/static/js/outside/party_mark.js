// written for the demo after what such scripts leave in real pages
(function () {
    var span = document.getElementById("_ideConac");
    span.innerHTML = "<a href='//bszs.conac.cn/sitename?method=show&id=0DEM0000000000000000000000000001' target='_blank'>" +
        "<img id='imgConac' vspace='0' hspace='0' border='0' src='//dcs.conac.cn/image/red.png'></a>";
})();
