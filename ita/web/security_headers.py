"""What a browser is told to allow: headers of every answer.

The policy names what Streamlit 1.67 and Plotly run under, seen in Chromium on every page: scripts
from us and the few inline ones that are listed by their hash; styles inline, as Emotion writes
them; pictures and fonts from us or out of the page; connections to us.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from ita.config import LANGUAGES

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


LEAVE_SCRIPT = """
(function () {
  const unsaved = document.currentScript.dataset.unsaved;
  window.onbeforeunload = unsaved ? (event) => event.preventDefault() : null;
})();
"""
"""Lets the browser ask before it leaves a page on which something typed is not saved."""


HttpHeader = tuple[bytes, bytes]

STREAMLITS_OWN_SCRIPT = "\n      window.prerenderReady = false\n    "
"""The one inline script of Streamlit's page."""


SERVER_SCRIPT = (
    "window.__streamlit = {BACKEND_BASE_URL: new URL('./', document.location.href).href}"
)
"""Tells Streamlit's page that the server is where the page is; else it asks below the page first, is
told twice that nothing is there, and asks again above it."""


def language_script(language: str) -> str:
    """Tells the browser which language the page speaks; Streamlit's page always says English."""
    return f"document.documentElement.lang = '{language}'"


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@lru_cache
def page_policy() -> str:
    """The Content-Security-Policy of the pages that Streamlit draws."""
    ours = [*map(language_script, LANGUAGES), SCROLL_SCRIPT, REMEMBER_SCRIPT, LEAVE_SCRIPT]
    inline = [STREAMLITS_OWN_SCRIPT, SERVER_SCRIPT, *ours]
    return _policy(
        {
            "default-src": "'self'",
            "script-src": " ".join(["'self'", *map(_hash, inline)]),
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: blob:",
            "font-src": "'self' data:",
            "connect-src": "'self'",
            "worker-src": "'self' blob:",
            **_ALWAYS,
        }
    )


@lru_cache
def form_policy() -> str:
    """The Content-Security-Policy of our own forms: no script at all."""
    return _policy(
        {
            "default-src": "'none'",
            "style-src": "'unsafe-inline'",
            "font-src": "'self'",
            "img-src": "'self'",
            **_ALWAYS,
        }
    )


NO_DOCUMENT = "default-src 'none'; frame-ancestors 'none'"
_ALWAYS = {
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-src": "'none'",
    "frame-ancestors": "'none'",
}


def _policy(rules: dict[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


ON_ASSETS: tuple[HttpHeader, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", NO_DOCUMENT.encode()),
)
"""What counts for a script, a style sheet or a font. The rest binds documents: it is a kilobyte, and a first
visit gets ninety of them."""

ALWAYS: tuple[HttpHeader, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-write=(self)",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-robots-tag", b"noindex"),
)
OVER_TLS: tuple[HttpHeader, ...] = ((b"strict-transport-security", b"max-age=31536000"),)
"""Only where the request came over TLS: an office that later goes without would be locked out."""

POLICY = b"content-security-policy"


def with_safe_headers(
    headers: list[HttpHeader], over_tls: bool, private: bool, is_asset: bool = False
) -> list[HttpHeader]:
    """An answer's headers with ours, each where the answer does not set it itself.

    private: the answer holds data, and no cache but the asker's may keep it. is_asset: it is of
    Streamlit's scripts, style sheets and fonts.
    """
    of_documents = (*ALWAYS, (POLICY, page_policy().encode()))
    ours = [*(ON_ASSETS if is_asset else of_documents), *(OVER_TLS if over_tls else ())]
    if private:
        headers = [pair for pair in headers if pair[0].lower() != b"cache-control"]
        ours.append((b"cache-control", b"private, no-store"))
    present = {name.lower() for name, _ in headers}
    return [_cookie_over_tls(pair) if over_tls else pair for pair in headers] + [
        pair for pair in ours if pair[0] not in present
    ]


def _cookie_over_tls(pair: HttpHeader) -> HttpHeader:
    """A cookie that was set over TLS never travels without; Streamlit does not see the proxy's TLS."""
    name, value = pair
    if name.lower() != b"set-cookie" or b"; secure" in value.lower():
        return pair
    return name, value + b"; Secure"
