"""What a reader of a page would stumble over: measured in the browser, not guessed from the source."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page

OVERFLOWING: Final = """() => {
  const html = document.documentElement, main = document.querySelector('main').getBoundingClientRect();
  const seen = e => e.checkVisibility() && getComputedStyle(e).clipPath === 'none' && !e.closest('.unseen, .stack > thead');
  const out = r => r.width > 0 && (r.right > main.right + 1 || r.left < main.left - 1);
  return [...document.querySelectorAll('main *')]
    .filter(e => seen(e) && out(e.getBoundingClientRect()))
    .map(e => e.outerHTML.slice(0, 80))
    .concat(html.scrollWidth > html.clientWidth ? ['the page itself'] : []);
}"""
"""What sticks out at the sides. On a narrow screen the heads of tables are hidden: each cell then says what it is."""

FAINT: Final = """() => {
  const rgb = text => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return {r, g, b, a};
  };
  const linear = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => 0.2126 * linear(c.r / 255) + 0.7152 * linear(c.g / 255) + 0.0722 * linear(c.b / 255);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.a === 1) return colour;
    }
    return {r: 255, g: 255, b: 255, a: 1};
  };
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const e = node.parentElement, text = node.textContent.trim();
    if (!text || !e.checkVisibility() || e.closest('.skip')) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    const pair = [light(rgb(style.color)), light(behind(e))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    const large = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push(`${text.slice(0, 40)} ${ratio.toFixed(2)}`);
  }
  return found;
}"""
"""Text whose contrast is below what WCAG 2.2 asks for (1.4.3, level AA)."""

UNTRANSLATED: Final = """lang => {
  const cjk = /[\\u3400-\\u9fff]/, english = /[a-z]{2,} [a-z]{2,}/i, found = [];
  const ours = ['title', 'h1', 'h2', 'h3', 'h4', 'th[scope=col]', 'dt', 'label', 'button', 'caption', 'nav a', '.lede',
    '.note', '.hint', '.none', '.mark', '.tag', '.nature', 'footer p', '.alert'];
  for (const e of document.querySelectorAll(ours.join())) {
    if (e.closest('[lang]:not(html)')) continue;
    const text = e.textContent.replace(/[（(][^）)]*[）)]/g, ' ').trim();
    if (lang === 'en' ? cjk.test(text) : english.test(text)) found.push(`${e.tagName} ${text.slice(0, 60)}`);
  }
  return found;
}"""
"""Words of the portal's own in the other language; what stands in brackets is a term beside its translation."""


def faults(page: Page) -> list[str]:
    """Each stumbling block of the page that is open, said in one line."""
    lang = page.evaluate("document.documentElement.lang")
    return [
        *(f"sticks out: {found}" for found in page.evaluate(OVERFLOWING)),
        *(f"faint: {found}" for found in page.evaluate(FAINT)),
        *(f"not in {lang}: {found}" for found in page.evaluate(UNTRANSLATED, lang)),
        *([] if page.locator("h1").count() == 1 else ["not one heading"]),
        *([] if page.locator("main").count() == 1 else ["not one main part"]),
    ]
