// Where one may search in this document: inputs with what stands around them, what may open a search, what may hold one
// unread. Marks what it names (data-govsite-box, -press, -opener), so that it can be found again.
() => {
  const MOST = 40, LONGEST = 120;
  const SEARCH = /搜\s*索|检\s*索|查\s*找|搜一下|(?<!re)search|sou\s?suo|fdj|magnif/i;
  const own = (name) => Reflect.get(Document.prototype, name, document); // a frame called "body" hides document.body
  const cut = (text) => String(text ?? "").replace(/\s+/g, " ").trim().slice(0, LONGEST);
  const everything = (root) => [...root.querySelectorAll("*")].slice(0, 20000).flatMap((one) => one.shadowRoot ? [one, ...everything(one.shadowRoot)] : [one]);
  const all = everything(document);
  const above = (element, most) => {
    const found = [];
    for (let one = element.parentElement; one && found.length < most; one = one.parentElement) found.push(one);
    return found;
  };
  const boxOf = (element) => {
    const box = element.getBoundingClientRect();
    return { x: box.left + scrollX, y: box.top + scrollY, width: box.width, height: box.height };
  };
  const clipped = (element) => above(element, 12).some((one) => {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    return style.overflow !== "visible" && (box.width < 4 || box.height < 4);
  });
  const isShown = (element) => {
    const box = boxOf(element), root = own("documentElement");
    if (box.width < 6 || box.height < 6 || box.x + box.width <= 0 || box.y + box.height <= 0) return false;
    if (box.x >= Math.max(root.scrollWidth, innerWidth)) return false;
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !clipped(element);
  };
  const names = (element) => [...["id", "class", "name"].map((name) => element.getAttribute(name) || "")].join(" ");
  const wordsOf = (element) => {
    const inner = [...element.querySelectorAll("img[alt],[title]")].slice(0, 3).map((one) => one.alt || one.title);
    const own = ["value", "alt", "title", "aria-label"].map((name) => element.getAttribute(name) || "");
    return cut([(element.innerText || "").slice(0, LONGEST), ...own, ...inner].join(" "));
  };
  const signs = (element) => {
    const inner = [...element.querySelectorAll("img,i,span,svg,use")].slice(0, 3);
    return cut([element, ...inner].map((one) => [names(one), one.getAttribute("src") || "", one.getAttribute("xlink:href") || ""].join(" ")).join(" "));
  };
  const isPressable = (element) => /^(?:BUTTON|A|AREA)$/.test(element.tagName) || element.hasAttribute("onclick")
    || element.getAttribute("role") === "button"
    || (element.tagName === "INPUT" && /^(?:submit|button|image)$/i.test(element.type))
    || (/^(?:IMG|I|SPAN|DIV|EM|B|LI|SVG)$/i.test(element.tagName) && getComputedStyle(element).cursor === "pointer");

  const isBox = (element) => element.tagName === "INPUT" && /^(?:text|search|)$/i.test(element.getAttribute("type") || "");
  const textBoxes = (root) => [...root.querySelectorAll("input")].filter(isBox);
  // the smallest area around a box that holds something to press, without a second box that a visitor sees
  const areaOf = (input) => {
    let best = input.form;
    for (const one of above(input, 6)) {
      if (one === own("body") || textBoxes(one).filter(isShown).length > 1) break;
      best = one;
      if ([...one.querySelectorAll("*")].slice(0, 200).some((other) => other !== input && isPressable(other))) break;
    }
    return best || input.parentElement;
  };
  const pressesOf = (input, area, number) => {
    const from = [...new Set([...area.querySelectorAll("*"), ...(input.form ? input.form.querySelectorAll("*") : [])])];
    const found = from.slice(0, 400).filter((one) => one !== input && isPressable(one) && isShown(one)).slice(0, 12);
    return found.map((one, at) => {
      one.setAttribute("data-govsite-press", `${number}-${at}`);
      return {
        number: at, tag: one.tagName.toLowerCase(), type: (one.getAttribute("type") || "").toLowerCase(), words: wordsOf(one),
        signs: signs(one), href: one.tagName === "A" ? cut(one.getAttribute("href")) : "", onclick: cut(one.getAttribute("onclick")),
        after: Boolean(input.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING), ...boxOf(one),
      };
    });
  };
  const boxes = all.filter(isBox).slice(0, MOST).map((input, number) => {
    input.setAttribute("data-govsite-box", number);
    const form = input.form, area = areaOf(input);
    const labels = [...(input.labels || [])].map((one) => one.innerText);
    return {
      number, name: cut(input.name), id: cut(input.id), hint: cut(input.placeholder || input.getAttribute("aria-label") || input.title),
      value: cut(input.value), label: cut(labels.join(" ")), kind: (input.getAttribute("type") || "").toLowerCase(),
      classes: cut(input.className), shown: isShown(input) && input.getBoundingClientRect().width >= 30,
      usable: !input.disabled && !input.readOnly, around: cut(above(input, 6).filter((one) => one !== own("body")).map(names).join(" ")),
      near: cut(area ? area.innerText : ""), action: form ? (form.getAttribute("action") || "").slice(0, 2000) : "", in_form: Boolean(form),
      method: form ? form.method : "", form: form ? cut(names(form)) : "", target: form ? form.target : "",
      secret: Boolean((form || area || document.createElement("i")).querySelector("input[type=password]")),
      fields: form ? textBoxes(form).filter(isShown).length : 1, presses: area ? pressesOf(input, area, number) : [], ...boxOf(input),
    };
  });

  const openers = [];
  for (const element of all) {
    if (openers.length >= MOST) break;
    if (!isPressable(element) && !SEARCH.test(names(element))) continue;
    const words = wordsOf(element), href = element.getAttribute("href") || "";
    if (words.length > 30 || !SEARCH.test([words, signs(element), href, element.getAttribute("onclick") || ""].join(" "))) continue;
    const box = boxOf(element);
    if (!isShown(element) || box.width > 400 || box.height > 200 || element.tagName === "INPUT" && isBox(element)) continue;
    element.setAttribute("data-govsite-opener", openers.length);
    openers.push({
      number: openers.length, tag: element.tagName.toLowerCase(), words, signs: signs(element), href: cut(href),
      url: element.href && element.href.baseVal === undefined ? String(element.href).slice(0, 2000) : "", onclick: cut(element.getAttribute("onclick")), ...box,
    });
  }

  // pictures and the like that may be a search although nothing in words says so
  const said = (element) => cut([element.alt, element.title, ...above(element, 2).map((one) => one.title || "")].join(""));
  const MARKS = /(?:^|\.)(?:conac\.cn|beian\.gov\.cn|beian\.mps\.gov\.cn|beian\.miit\.gov\.cn|miitbeian\.gov\.cn|zfwzgl\.www\.gov\.cn|pucha\.kaipuyun\.cn)$/i;
  const isOfMarks = (address) => { try { return MARKS.test(new URL(address).hostname) } catch { return false } };
  const isMark = (element) => [element.src, ...above(element, 3).map((one) => one.href)].some(isOfMarks);  // 党政机关, 备案, 找错
  const silent = all.filter((element) => {
    const box = boxOf(element);
    if (!isShown(element)) return false;
    if (/^(?:CANVAS|OBJECT|EMBED)$/.test(element.tagName)) return box.width >= 80 && box.height >= 16;
    if (element.tagName !== "IMG" || said(element) || isMark(element)) return false;
    const pressed = element.useMap || [element, ...above(element, 3)].some((one) => one.tagName === "A" || one.hasAttribute("onclick"));
    return element.useMap || pressed && box.y < 700 && box.width <= 320 && box.height <= 120;
  }).slice(0, 5).map((element) => cut(`${element.tagName.toLowerCase()} ${element.getAttribute("src") || element.getAttribute("data") || ""}`));
  const frames = all.filter((element) => /^I?FRAME$/.test(element.tagName) && isShown(element) && boxOf(element).width >= 80 && boxOf(element).height >= 16)
    .map((element) => String(element.src || "").slice(0, 300)).slice(0, 20);
  const broken = performance.getEntriesByType("resource").filter((one) => one.initiatorType === "script" && one.responseStatus >= 400)
    .map((one) => `${one.responseStatus} ${one.name}`.slice(0, 300)).slice(0, 10);
  return { boxes, openers, silent, frames, broken };
}
