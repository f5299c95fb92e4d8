// What a page shows, as texts and marks of tables, so that what is personal on it can be masked; null where `pattern` finds nothing.
// Frames of the same origin are looked into. pieces: as reading/masking_pages.py takes them; put: new texts by their place;
// restore: the page as it was; outside: how many frames could not be looked into.
(pattern) => {
  const SILENT = new Set(["script", "style", "noscript", "template", "head"]);
  const TYPED = new Set(["text", "search", "tel", "email", "number", "url", ""]);
  const pieces = [], places = [], before = [];
  let outside = 0;
  const add = (piece, place) => { pieces.push(piece); places.push(place); };
  const isTyped = (element, tag) => tag === "textarea" || (tag === "input" && TYPED.has((element.getAttribute("type") || "").toLowerCase()));
  const isOnItsWay = (frame) => frame.contentDocument.URL === "about:blank" && !["", "about:blank"].includes(frame.src);
  const enter = (frame) => {
    try { if (frame.contentDocument && !isOnItsWay(frame)) return walk(frame.contentDocument); } catch { /* of another origin */ }
    outside += 1;
  };
  const step = (element) => {
    const tag = element.localName;
    if (SILENT.has(tag)) return;
    if (isTyped(element, tag)) return add(`=${element.value}`, element);
    if (tag === "table" || tag === "tr") add(`<${tag}`, null);
    else if (tag === "td" || tag === "th") add(element.colSpan > 1 ? `<td ${Math.min(element.colSpan, 99)}` : "<td", null);
    if (element.shadowRoot) walk(element.shadowRoot);
    if (tag === "iframe" || tag === "frame") enter(element);
    walk(element);
    if (tag === "table") add("</table", null);
  };
  const walk = (parent) => {
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) add(`=${node.data}`, node);
      else if (node.nodeType === Node.ELEMENT_NODE) step(node);
    }
  };
  walk(document);
  const field = (node) => node.nodeType === Node.TEXT_NODE ? "data" : "value";
  const put = (fresh) => {
    for (const [place, text] of Object.entries(fresh)) {
      const node = places[place], name = field(node);
      before.push([node, name, node[name], text]);
      node[name] = text;
    }
  };
  const restore = () => {
    for (const [node, name, old, text] of before) if (node[name] === text) node[name] = old;
  };
  return new RegExp(pattern).test(pieces.join("\n")) || outside ? { pieces, put, restore, outside } : null;
}
