// Injected into a page: finds words that a line break splits. Identifiers and paths may be split, because they can be
// longer than a line.
globalThis.findDivided = () => {
  const WORD = /^[("'“„]*\p{L}{2,}[.,:;!?)"'”…]*$/u;
  const found = [];
  const range = document.createRange();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: node } = texts;
    const element = node.parentElement;
    if (!element.checkVisibility() || element.closest('svg, script, style, .visually-hidden')) continue;
    // Only screen readers read texts that are clipped to a pixel.
    if (element.getBoundingClientRect().width <= 1) continue;
    range.selectNodeContents(node);
    if (range.getClientRects().length < 2) continue;
    for (const { 0: word, index } of node.nodeValue.matchAll(/\S+/g)) {
      if (!WORD.test(word)) continue;
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const [first, ...others] = [...range.getClientRects()].filter(({ width }) => width > 0);
      if (others.some(({ top }) => top >= first.bottom - 1))
        found.push(`"${word}" in ${element.outerHTML.slice(0, 120)}`);
    }
  }
  return found;
};
