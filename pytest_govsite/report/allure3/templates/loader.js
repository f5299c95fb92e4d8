"use strict";
(async function () {
  window.allureReportDataReady = false;
  const node = document.getElementById("govsite-data");
  const text = node.textContent;
  node.remove();
  const packed = await (await fetch("data:application/gzip;base64," + text)).blob();
  const unpacked = packed.stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(unpacked).arrayBuffer());
  const head = new DataView(bytes.buffer).getUint32(0) + 4;
  const reader = new TextDecoder();
  const index = JSON.parse(reader.decode(bytes.subarray(4, head)));
  const content = (name) => bytes.subarray(head + index[name][0], head + index[name][1]);

  function base64(name) {
    const part = content(name);
    let binary = "";
    for (let at = 0; at < part.length; at += 0x8000) {
      binary += String.fromCharCode.apply(null, part.subarray(at, at + 0x8000));
    }
    return btoa(binary);
  }

  const known = (name) => typeof name === "string" && Object.hasOwn(index, name);
  window.allureReportData = new Proxy({}, {
    has: (_, name) => known(name),
    get: (_, name) => (known(name) ? base64(name) : undefined),
  });
  window.allureReportDataReady = true;
  try {
    const folded = JSON.parse(reader.decode(content("folded.json")));
    const report = window.allureReportOptions.reportUuid;
    if (folded.length && localStorage.getItem("govsite-report") !== report) {
      localStorage.setItem("collapsedTrees", JSON.stringify(folded));
      localStorage.setItem("govsite-report", report);
    }
  } catch (error) {
    console.info("every group opens by itself", error);
  }
  const main = document.createElement("script");
  main.text = reader.decode(content("main.js"));
  document.body.append(main);
})();
