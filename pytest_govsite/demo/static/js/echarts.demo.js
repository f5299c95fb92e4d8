// draws bars the way a chart library is asked to, as far as this site needs it
var echarts = {
    init: function (box) {
        return {
            setOption: function (option) {
                var canvas = document.createElement("canvas"), values = option.series[0].data, most = Math.max.apply(null, values);
                canvas.width = box.clientWidth;
                canvas.height = box.clientHeight;
                box.setAttribute("_echarts_instance_", "ec_demo");
                box.appendChild(canvas);
                var pen = canvas.getContext("2d"), step = canvas.width / values.length;
                values.forEach(function (value, at) {
                    var height = value / most * (canvas.height - 40);
                    pen.fillStyle = "#c8161d";
                    pen.globalAlpha = 0.45 + at * 0.1;
                    pen.fillRect(at * step + step / 4, canvas.height - 20 - height, step / 2, height);
                    pen.globalAlpha = 1;
                    pen.fillStyle = "#666";
                    pen.fillText(value, at * step + step / 2 - 8, canvas.height - 26 - height);
                    pen.fillText(option.xAxis.data[at], at * step + step / 2 - 14, canvas.height - 4);
                });
            }
        };
    }
};
