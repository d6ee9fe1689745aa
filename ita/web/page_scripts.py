"""Scripts of our own that pages run: each is one text, as the page's policy lists them by their hashes."""

from __future__ import annotations

SCROLL_SCRIPT = """
(function () {
  const names = document.currentScript.previousElementSibling.dataset.itaGoTo.split(" ");
  const turn = window.itaGoing = (window.itaGoing || 0) + 1;
  const acts = ["wheel", "touchstart", "pointerdown", "keydown"];
  const began = performance.now();
  let there = null, arrived = 0, left = false;
  const leave = () => { left = arrived > 0; };
  const one = (name) => document.querySelector(".st-key-" + name);
  const fieldOf = (place) => [...place.querySelectorAll("textarea, input, button, a")]
    .find((found) => found.offsetParent && !found.disabled);
  const away = (place) => {
    const box = place.getBoundingClientRect();
    return 0 > box.top || box.top > window.innerHeight / 2;
  };
  function show(place) {
    const field = fieldOf(place);
    place.style.scrollMarginTop = "5rem";
    place.scrollIntoView({ block: "start" });
    if (field) field.focus({ preventScroll: true });
  }
  acts.forEach((act) => window.addEventListener(act, leave, { capture: true, passive: true }));
  (function look() {
    const now = performance.now(), waited = now - began;
    const over = arrived ? now - arrived > 2000 : waited > 10000;
    if (left || turn !== window.itaGoing) return done();
    if (!arrived) {
      const found = (waited > 1000 ? names : names.slice(0, 1)).filter(one);
      there = found.find((name) => fieldOf(one(name))) || (over && found[0]) || null;
      if (there) { show(one(there)); arrived = now; }
      else if (over) return done();
    } else if (over) return done();
    else if (one(there)) {
      const place = one(there);
      if (away(place) || (document.activeElement === document.body && fieldOf(place))) show(place);
    }
    setTimeout(look, 60);
  })();
  function done() {
    acts.forEach((act) => window.removeEventListener(act, leave, { capture: true }));
  }
})();
"""
"""Goes to the first container that is there with a field in it; the nearest gets a second's head
start, for a page and its fields come in pieces. For two seconds more it stays there while the page
above it still shrinks and old fields are taken away, unless the visitor does something. One text for
all of them, as the page's policy lists scripts by their hash."""


REMEMBER_SCRIPT = """
(function () {
  const choice = document.currentScript.dataset;
  const safely = location.protocol === "https:" ? "; secure" : "";
  document.cookie = choice.name + "=" + choice.value + "; path=" + choice.path
    + "; max-age=31536000; samesite=lax" + safely;
})();
"""
"""One text for every choice, as the page's policy lists scripts by their hash."""
