"""Pictures of pages: which, how large, what of a page is drawn, and what is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageDraw

from ita.reports.reading.errors import ReadError
from ita.reports.reading.page_images import (
    MAX_PICTURES,
    MAX_PIXELS,
    PageImage,
    PageImages,
    images_job,
    page_images,
)
from tests.reports.reading.bad_pdfs import encrypted, many_pages, one_page, stream, text_page


def _images(content: bytes, numbers: tuple[int, ...] = (1,), width: int = 500) -> PageImages:
    found = images_job(content, frozenset(numbers), width)
    assert isinstance(found, PageImages), found
    return found


def _picture(image: PageImage) -> Image.Image:
    picture = Image.open(io.BytesIO(image.content))
    assert picture.size == (image.width, image.height)
    assert picture.format == "WEBP"
    return picture.convert("L")


def _ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """The box of what is not white."""
    return picture.point(lambda level: 255 if level < 128 else 0).getbbox()


def test_pages_that_are_asked_for_are_drawn_once_each_in_their_order() -> None:
    found = _images(many_pages(7), (5, 2, 5, 0, -1, 9))
    assert found.pages == 7
    assert [image.number for image in found.images] == [2, 5]
    assert _images(many_pages(7), ()) == PageImages(7)


def test_a_picture_has_its_width_and_says_where_a_place_of_the_page_is() -> None:
    content = one_page(stream(b"100 742 50 20 re f"))
    (image,) = _images(content, width=1_190).images
    assert (image.width, image.height) == (1_190, 1_684)
    box = _ink(_picture(image))
    assert box is not None
    # The square stands 100 points from the left and 80 from the top.
    expected = [edge * image.scale for edge in (100, 80, 150, 100)]
    assert all(abs(a - b) <= 1 for a, b in zip(box, expected, strict=True))


def test_a_page_is_drawn_as_it_is_shown() -> None:
    content = one_page(stream(b"0 822 40 20 re f"), b"/Rotate 90")
    (image,) = _images(content, width=842).images
    assert (image.width, image.height) == (842, 595)
    box = _ink(_picture(image))
    assert box is not None and box[0] > 800 and box[1] == 0


@pytest.mark.parametrize(
    ("size", "width"),
    [((14_400, 14_400), 4_000), ((20, 14_400), 1_000), ((14_400, 1), 1_000), ((595, 842), 90_000)],
)
def test_no_page_has_more_pixels_than_are_allowed(size: tuple[int, int], width: int) -> None:
    content = text_page().replace(b"[0 0 595 842]", b"[0 0 %d %d]" % size)
    (image,) = _images(content, width=width).images
    assert image.width * image.height <= MAX_PIXELS + image.width + image.height
    assert max(image.width, image.height) <= 16_383
    assert _picture(image)


@pytest.mark.slow
def test_no_more_pages_are_drawn_at_a_time_than_are_allowed() -> None:
    found = page_images(many_pages(80), range(1, 81), width=40)
    assert isinstance(found, PageImages)
    assert (found.pages, len(found.images)) == (80, MAX_PICTURES)


def test_a_scanned_page_is_drawn_too() -> None:
    paper = Image.new("RGB", (2_480, 3_508), "white")
    ImageDraw.Draw(paper).rectangle((300, 400, 900, 1_200), fill="black")
    scan = io.BytesIO()
    paper.save(scan, "PDF", resolution=300)
    (image,) = _images(scan.getvalue(), width=620).images
    drawn = _picture(image)
    expected = paper.convert("L").resize(drawn.size)
    levels = ImageChops.difference(drawn, expected).histogram()
    assert sum(levels[64:]) < drawn.width * drawn.height / 100


def test_a_document_without_pages_has_no_pictures() -> None:
    assert _images("รายงานผลการดำเนินการ".encode()) == PageImages(0)
    assert _images("<html><p>รายงาน".encode()) == PageImages(0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 nothing", "damaged"),
        (encrypted("geheim"), "encrypted"),
        (many_pages(500), "too-many-pages"),
    ],
)
def test_what_is_not_read_is_not_drawn(content: bytes, code: str) -> None:
    found = page_images(content, (1,))
    assert isinstance(found, ReadError) and found.code == code


@pytest.mark.slow
def test_a_scan_of_600_dots_an_inch_is_drawn_within_the_limits_of_reading() -> None:
    paper = Image.effect_noise((4_960, 7_016), 40).convert("RGB")
    scan = io.BytesIO()
    paper.save(scan, "PDF", resolution=600, quality=60)
    found = page_images(scan.getvalue(), (1,))
    assert isinstance(found, PageImages) and len(found.images) == 1
