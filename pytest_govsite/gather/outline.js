// Draws a red frame around a region and returns the clip to photograph: {x, y, width, height} in page coordinates,
// with `beyond` where it is not all on the screen.
(region) => {
  const own = (name) => Reflect.get(Document.prototype, name, document); // a frame called "body" hides document.body
  const root = own("documentElement"), body = own("body");
  const width = Math.min(1600, Math.max(root.scrollWidth, root.clientWidth));
  const height = Math.max(root.scrollHeight, body ? body.scrollHeight : 0, 200);
  const boxOf = (element) => {
    const box = element.getBoundingClientRect();
    return { x: box.left + scrollX, y: box.top + scrollY, width: box.width, height: box.height };
  };
  const usable = (box) => box && box.width >= 8 && box.height >= 8 && box.x >= 0 && box.y >= 0 && box.y < height;

  const SIGNS = [/ICP\s*备/i, /公网安备|公安机关备案/, /网站标识码/, /主办/, /版权所有/, /联系我们|联系电话/];
  const footer = () => {
    const count = (element) => { const text = element.innerText || ""; return SIGNS.filter((sign) => sign.test(text)).length; };
    const most = count(body);
    let element = body;
    while (most > 1) {
      const next = [...element.children].find((child) => count(child) === most);
      if (!next) break;
      element = next;
    }
    const box = most > 1 && element !== body ? boxOf(element) : null;
    if (usable(box) && box.height <= 700) return box;
    const depth = Math.min(320, height);
    return { x: 0, y: height - depth, width, height: depth };
  };
  const header = () => ({ x: 0, y: 0, width, height: Math.min(260, height) });
  const link = (address) => {
    const same = (value) => { try { return new URL(value, document.baseURI).href === address; } catch { return false; } };
    const found = [...document.querySelectorAll("a[href],area[href],img[src],iframe[src],frame[src]")]
      .filter((element) => same((element.getAttribute("href") || element.getAttribute("src") || "").trim()));
    const boxes = found.map(boxOf);
    return boxes.find(usable) || null;
  };

  let box = region === "footer" ? footer() : region === "header" ? header() : link(region.slice("link:".length));
  const outlined = usable(box);
  if (!outlined) box = { x: 0, y: 0, width, height: Math.min(400, height) };
  if (outlined) {
    const frame = document.createElement("div");
    frame.id = "govsite-outline";
    frame.style.cssText = `all:initial;position:absolute;pointer-events:none;z-index:2147483647;box-sizing:border-box;` +
      `border:3px solid #e60012;left:${box.x}px;top:${box.y}px;width:${box.width}px;height:${box.height}px`;
    root.appendChild(frame);
  }
  const margin = region.startsWith("link:") ? 160 : 24;
  const top = Math.max(0, box.y - margin);
  const left = region.startsWith("link:") ? Math.max(0, Math.min(box.x - 300, width - 900)) : 0;
  const clip = {
    x: left, y: top, width: Math.max(1, Math.min(region.startsWith("link:") ? 900 : width, width - left)),
    height: Math.max(1, Math.min(box.height + 2 * margin, height - top, 1200)),
  };
  const inside = (start, length, scrolled, shown) => start >= scrolled && start + length <= scrolled + shown;
  const seen = inside(clip.x, clip.width, scrollX, root.clientWidth) && inside(clip.y, clip.height, scrollY, innerHeight);
  return { ...clip, beyond: !seen };
}
