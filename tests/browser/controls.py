"""By script in the page: controls that are small, covered, cut, unnamed or unseen; texts over each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Page

FINGER = 44
"""Pixels that a control takes up on a phone at least, each way; a link among words may be narrower."""

_COMMON = """
const CONTROLS = 'a[href], button, input:not([type=hidden]), textarea, select, summary, [role=radio], '
  + '[role=checkbox], [role=slider], [role=combobox], [role=switch], [role=tab], [role=menuitem], label:has(input)';
const WHOLE = 'label, [role=group], [data-testid$=RootElement], [data-testid=stCheckbox]';
const main = document.querySelector('[data-testid=stMain]');
const still = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true });
const shut = (e) => { const fold = e.closest('details:not([open])'); return !!fold && !e.closest('summary'); };
const shown = (e) => {
  // The tools of a grid are over it only while a mouse is there.
  const box = e.getBoundingClientRect(), bar = e.closest('[data-testid=stElementToolbar]');
  return e.checkVisibility({ visibilityProperty: true }) && !e.closest('[inert]') && box.width > 1 && box.height > 1
    && box.right > 0 && !shut(e) && getComputedStyle(e).pointerEvents !== 'none' && !bar;
};
const words = (e) => (e.ariaLabel || e.innerText || e.placeholder || e.title || '').trim().replace(/\\s+/g, ' ').slice(0, 50);
const called = (e) => {
  const place = e.closest('[class*="st-key-"]');
  const key = place ? '.' + [...place.classList].find((name) => name.startsWith('st-key-')) : '';
  const kind = e.closest('[data-testid]')?.dataset.testid || '';
  return `${e.localName} ${key} ${kind} “${words(e)}”`;
};
// Of a slider the thumb, in which its input is hidden.
const target = (e) => e.type === 'range' ? e.parentElement.parentElement : e;
const whole = (e) => e.type === 'range' ? target(e) : e.closest(WHOLE) || e;
const hits = (e, x, y) => {
  const hit = document.elementFromPoint(x, y);
  return !!hit && (whole(e).contains(hit) || hit === e);
};
const largest = (e) => [...target(e).getClientRects()].sort((a, b) => b.width * b.height - a.width * a.height)[0];
const bring = (e) => {
  target(e).scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const box = largest(e);
  return { box, x: box.left + box.width / 2, y: box.top + box.height / 2 };
};
"""

_COVERED = f"""(finger) => {{ {_COMMON}
const faults = [];
const reach = (e, x, y, dx, dy) => {{
  let far = 0;
  while (finger > far && hits(e, x + dx * (far + 1), y + dy * (far + 1))) far += 1;
  return far;
}};
const inSentence = (e) => {{
  if (e.localName !== 'a' || getComputedStyle(e).display !== 'inline') return false;
  const block = e.parentElement.closest('p, li, td, th, dd, blockquote, summary, div');
  const links = [...block.querySelectorAll('a')].reduce((sum, link) => sum + link.innerText.length, 0);
  return block.innerText.length - links > 20;
}};
for (const e of document.querySelectorAll(CONTROLS)) {{
  if (!shown(e) || /^(radio|checkbox)$/.test(e.type) && e.closest('label')) continue;
  const {{ box, x, y }} = bring(e);
  // Only a script scrolls what is hidden; a person sees it cut.
  for (let place = e.parentElement; place; place = place.parentElement)
    if (place.scrollLeft && getComputedStyle(place).overflowX === 'hidden') {{ place.scrollLeft = 0; faults.push(`cut: ${{called(e)}}`); }}
  if (0 > y || y > innerHeight) {{ faults.push(`out of reach: ${{called(e)}}`); continue; }}
  if (!hits(e, x, y)) {{
    const over = document.elementFromPoint(x, y);
    faults.push(`covered: ${{called(e)}} by ${{over ? called(over) : 'nothing'}}`);
  }} else if (finger && !inSentence(e)) {{
    const wide = 1 + reach(e, x, y, -1, 0) + reach(e, x, y, 1, 0);
    const high = 1 + reach(e, x, y, 0, -1) + reach(e, x, y, 0, 1);
    if (finger - 1 > high || finger - 1 > Math.min(finger, Math.max(wide, e.localName === 'a' ? wide + 10 : 0)))
      faults.push(`small: ${{called(e)}} ${{wide}}×${{high}}`);
  }}
  if (box.left < -1 || box.right > innerWidth + 1) faults.push(`beyond the edge: ${{called(e)}}`);
  for (const part of [e, ...e.querySelectorAll('*')]) {{
    const look = getComputedStyle(part);
    if (look.overflowX !== 'visible' && look.display !== 'inline' && part.scrollWidth > part.clientWidth + 1
        && part.clientWidth > 1 && look.textOverflow !== 'ellipsis' && !/^(input|textarea)$/.test(part.localName)) {{
      faults.push(`cut: ${{called(e)}}`); break;
    }}
  }}
}}
return [...new Set(faults)];
}}"""

_OVERLAPPING = f"""() => {{ {_COMMON}
main.scrollTop = 0;
const clips = new Map();
const clip = (e) => {{
  if (!e || e === document.documentElement) return [-1e6, -1e6, 1e6, 1e6];
  if (!clips.has(e)) {{
    const [l, t, r, b] = clip(e.parentElement);
    const look = getComputedStyle(e), box = e.getBoundingClientRect();
    clips.set(e, look.overflowX === 'visible' && look.overflowY === 'visible' ? [l, t, r, b]
      : [Math.max(l, box.left), Math.max(t, box.top), Math.min(r, box.right), Math.min(b, box.bottom)]);
  }}
  return clips.get(e);
}};
const lifted = (e) => e.closest('.st-key-bar-bottom, .st-key-save-bar, .st-key-what-if-result, [data-testid=stPopoverBody], .ita-tip-note, [data-testid=stSkipLink]');
const bar = document.querySelector('.st-key-bar').getBoundingClientRect();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const pieces = [], faults = [];
const range = document.createRange();
while (walker.nextNode()) {{
  const node = walker.currentNode, e = node.parentElement;
  if (!node.data.trim() || !e || /^(style|script|title|desc)$/.test(e.localName) || e.closest('svg, canvas') || !still(e) || lifted(e) || shut(e)
      || 2 > Math.min(e.offsetWidth ?? 9, e.offsetHeight ?? 9)) continue;
  range.selectNodeContents(node);
  const [l, t, r, b] = main.contains(e) ? clip(e) : [-1e6, -1e6, 1e6, 1e6];
  for (const box of range.getClientRects()) {{
    // The middle half: the boxes of two lines below each other touch.
    const top = box.top + box.height / 4, bottom = box.bottom - box.height / 4;
    const left = Math.max(box.left, l), right = Math.min(box.right, r);
    if (2 > right - left || 2 > Math.min(bottom, b) - Math.max(top, t) || 0 > right) continue;
    pieces.push({{ e, text: node.data.trim().slice(0, 40), left, right, top, bottom }});
    if (!e.closest('.st-key-bar') && bar.bottom - 2 > top && bottom > bar.top) faults.push(`under the bar: ${{node.data.trim().slice(0, 40)}}`);
  }}
}}
pieces.sort((a, b) => a.top - b.top);
pieces.forEach((one, at) => {{
  for (let i = at + 1; pieces.length > i && one.bottom - 1 > pieces[i].top; i += 1) {{
    const two = pieces[i];
    if (one.e !== two.e && Math.min(one.right, two.right) - Math.max(one.left, two.left) > 3
        && Math.min(one.bottom, two.bottom) - two.top > 3)
      faults.push(`over each other: “${{one.text}}” and “${{two.text}}”`);
  }}
}});
if (main.scrollWidth > main.clientWidth) faults.push('the page scrolls sideways');
return [...new Set(faults)];
}}"""

_STEP = f"""() => {{ {_COMMON}
const sides = ['', '::before', '::after'];
const look = (e) => sides.map((side) => {{
  const s = getComputedStyle(e, side || null);
  return [s.outlineStyle === 'none' ? '' : s.outlineStyle + s.outlineWidth + s.outlineColor, s.boxShadow, s.borderColor,
    s.borderWidth, s.backgroundColor, s.color, s.opacity, s.transform].join();
}}).join();
const before = window.itaFocus;
const bare = before && before.looks.every(([e, then]) => look(e) === then) ? before.name : '';
const e = document.activeElement, over = !e || e === document.body || e.dataset.itaSeen;
window.itaFocus = null;
if (!over) {{
  e.dataset.itaSeen = 'yes';
  const places = [e, ...e.children];
  for (let place = e.parentElement, up = 0; place && 5 > up; place = place.parentElement, up += 1) places.push(place);
  window.itaFocus = {{ name: called(e), looks: places.map((place) => [place, look(place)]) }};
}}
return {{ bare, over }};
}}"""

MOST_STEPS = 250
_NAME = re.compile(
    r"\b(button|link|textbox|combobox|radio|checkbox|slider|spinbutton|tab|menuitem|switch|heading|"
    r"group|region|navigation|table|grid|dialog|radiogroup|toolbar|listbox|img) \"((?:[^\"\\]|\\.)*)\""
)
_THAI = re.compile("[\u0e00-\u0e7f]")
_WORDS = re.compile(r"[A-Za-z][A-Za-z'-]+")


def faults_of_layout(page: Page, finger: int = 0) -> list[str]:
    """Controls that something covers or cuts, texts over each other, a page that scrolls sideways.

    finger: pixels that a control must take up; 0 = as small as it is.
    """
    return [*page.evaluate(_OVERLAPPING), *page.evaluate(_COVERED, finger)]


def names_without_thai(page: Page, abbreviations: frozenset[str]) -> list[str]:
    """Accessible names with words of Latin letters and none of Thai; abbreviations: that may stand alone."""
    return [
        f"{role} {name}"
        for role, name in _NAME.findall(page.locator("body").aria_snapshot())
        if not _THAI.search(name) and set(_WORDS.findall(name)) - abbreviations
    ]


def controls_without_focus(page: Page) -> Iterator[str]:
    """Controls that look the same with the keyboard at them, in the order of the Tab key."""
    page.add_style_tag(content="* { transition: none !important; animation: none !important }")
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        step = page.evaluate(_STEP)
        if step["bare"]:
            yield step["bare"]
        if step["over"]:
            page.evaluate("document.activeElement.blur()")
            return
    raise AssertionError("the Tab key does not come round")
