// What a visitor sees of the page, taken in the page itself. Runs alike in Chromium, Firefox and WebKit.
() => {
  // a form, picture or frame of the page that is called "title" or "body" hides what the document itself has under that name
  const own = (name, from = document) => {
    const value = Reflect.get(Document.prototype, name, from);
    return typeof value === "function" ? value.bind(from) : value;
  };
  const root = own("documentElement"), body = own("body");
  const IGNORED = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "TITLE"]);
  const seen = (element) => {
    if (element.checkVisibility && !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const style = getComputedStyle(element);
    return style.display !== "none" && style.visibility !== "hidden" && parseFloat(style.fontSize) > 1;
  };

  // what stands on the first 400 pixels, where a site shows its name
  const isTop = (element) => {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own && !/^(IMG|SVG|OBJECT|EMBED|A)$/i.test(element.tagName)) return false;
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.top + scrollY < 400;
  };

  // a large picture without words at the end of the page may be the whole bottom region
  const isFootPicture = (element) => {
    if (!/^(IMG|OBJECT|EMBED|CANVAS)$/.test(element.tagName) || element.alt || element.title) return false;
    const box = element.getBoundingClientRect();
    return box.width >= 300 && box.height >= 40 && box.bottom + scrollY > root.scrollHeight - 500;
  };

  // a picture by CSS at the top of the page may hold the name of the site
  const isBackdrop = (element, style) => {
    if (!style.backgroundImage.includes("url(")) return false;
    const box = element.getBoundingClientRect();
    return box.top + scrollY < 400 && box.width >= 120 && box.height >= 24;
  };

  // a frame's addresses are relative to the frame
  const resolve = (live, copy) => {
    for (const name of ["href", "src", "data", "action"]) {
      if (copy.hasAttribute(name) && typeof live[name] === "string" && live[name]) copy.setAttribute(name, live[name]);
    }
  };

  // copied into a document that shows nothing: there pictures are not loaded again, nor elements of scripts built
  const still = own("implementation").createHTMLDocument("");

  // copies a tree; what CSS hides gets the attribute `hidden`, frames of the same site are written in place
  const copyOf = (live) => {
    const copy = still.importNode(live, false);
    if (live.nodeType === 1 && live.ownerDocument !== document) resolve(live, copy);
    const view = live.ownerDocument.defaultView;
    if (view && live.nodeType === 1 && !IGNORED.has(live.tagName)) {
      const style = view.getComputedStyle(live);
      if (style.display === "none" || style.visibility === "hidden") copy.setAttribute("hidden", "");
      if (isFootPicture(live)) copy.setAttribute("data-foot-picture", "");
      if (isTop(live)) copy.setAttribute("data-top", "");
      if (isBackdrop(live, style)) copy.setAttribute("data-backdrop", "");
      if (live.tagName === "A" && live.href) copy.setAttribute("href", live.href);
    }
    for (const child of live.childNodes) copy.appendChild(copyOf(child));
    const inner = /^I?FRAME$/.test(live.tagName || "") ? innerDocument(live) : null;
    const content = inner && own("body", inner);
    if (content && content.tagName === "BODY") {
      const box = still.createElement("div");
      box.setAttribute("data-frame", live.src || "");
      if (copy.hasAttribute("hidden")) box.setAttribute("hidden", "");
      for (const child of content.childNodes) box.appendChild(copyOf(child));
      const both = still.createElement("div");
      both.appendChild(copy);
      both.appendChild(box);
      return both;
    }
    return copy;
  };
  const innerDocument = (frame) => { try { return frame.contentDocument; } catch { return null; } };

  const lengths = (part) => {
    let all = 0, visible = 0;
    if (!part) return [0, 0];
    const walker = own("createTreeWalker")(part, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      const length = walker.currentNode.data.replace(/\s+/g, "").length;
      if (!length || !parent || parent.closest("script,style,noscript,template")) continue;
      all += length;
      if (seen(parent)) visible += length;
    }
    return [all, visible];
  };
  const pictured = [...own("querySelectorAll")("img,canvas,svg,video,object,embed")].some((element) => {
    const box = element.getBoundingClientRect();
    return box.width >= 100 && box.height >= 60 && seen(element);
  });
  let [all, visible] = lengths(body);
  for (const frame of own("querySelectorAll")("iframe,frame")) {
    const inner = innerDocument(frame);
    const [more, moreVisible] = lengths(inner && own("body", inner));
    all += more; visible += moreVisible;
  }
  const called = new Set();
  for (const element of [...own("querySelectorAll")("[onclick]")].slice(0, 500)) {
    const name = /^\s*(?:javascript:)?\s*([\w$]+)\s*\(/.exec(element.getAttribute("onclick"));
    if (name && typeof window[name[1]] === "function") called.add(String(window[name[1]]).slice(0, 4000));
  }
  return {
    url: location.href,
    title: own("title"),
    html: "<!doctype html>" + copyOf(root).outerHTML,
    called: [...called].slice(0, 50),
    all, visible, pictured,
    overflow: Math.max(0, root.scrollWidth - root.clientWidth),
    height: Math.max(root.scrollHeight, body ? body.scrollHeight : 0),
  };
}
