"""The server's own pages: whatever a person or the store says in them stays text."""

from __future__ import annotations

from html.parser import HTMLParser

from ita.web.forms import FormField, alert, form, form_page, html_part, link, paragraph

HOSTILE = """"'><script>alert(1)</script>&amp;{{ 7 * 7 }}"""


class Reader(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, attribute: str) -> list[str | None]:
        return [attributes[attribute] for _, attributes in self.tags if attribute in attributes]


def test_hostile_texts_stay_texts_wherever_they_stand() -> None:
    fields = [FormField("account", HOSTILE, value=HOSTILE, hint=HOSTILE)]
    body = [
        alert(HOSTILE),
        paragraph(HOSTILE),
        form("/sign-in", fields, HOSTILE, {"next": HOSTILE}),
        link("/sign-in", HOSTILE, "button", next=HOSTILE),
        html_part("command", HOSTILE),
    ]
    page = Reader(bytes(form_page(HOSTILE, body, "/sign-in", HOSTILE).body).decode())
    assert "script" not in [tag for tag, _ in page.tags]
    # Title, heading, alert, paragraph, label, hint, button, link, command.
    assert sum(text.startswith(HOSTILE) for text in page.text) == 9
    assert page.values("value") == [HOSTILE, HOSTILE]
    assert [href for href in page.values("href") if href and "<" in href] == []


def test_a_field_names_its_hint_and_nothing_is_drawn_for_no_mistake() -> None:
    fields = [FormField("code", "รหัส", hint="อยู่ที่เครื่อง"), FormField("name", "ชื่อ")]
    page = Reader(form("/first-admin", fields, "ตกลง", {}))
    inputs = [attributes for tag, attributes in page.tags if tag == "input"]
    assert [one.get("aria-describedby") for one in inputs] == ["code-hint", None]
    assert page.values("for") == ["code", "name"]
    assert alert("") == ""


def test_a_page_that_goes_on_by_itself_says_where_to() -> None:
    page = Reader(bytes(form_page("ไปต่อ", [], "/sign-out", refresh="/auth/logout").body).decode())
    assert ("meta", {"http-equiv": "refresh", "content": "0; url=/auth/logout"}) in page.tags
