"""What leaves the product opens where it is meant to, and runs nowhere."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot import exports
from copilot.errors import InputError
from copilot.exports import Export, PlannedPost

PARIS = "Europe/Paris"
NOON = datetime(2026, 7, 14, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 7, 14, 10, 5, tzinfo=UTC)
POST = PlannedPost(
    "Le vélo, « c’est l’été ».\nRendez-vous à 18 h.",
    "linkedin_post",
    NOON,
    ("https://exemple.fr/a.jpg", "https://exemple.fr/b.jpg"),
    ("Un vélo", "Deux vélos"),
    ("été", "vélo"),
    "Été 2026",
)


def rows(export: Export) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export.content.decode("utf-8-sig"), newline="")))


def codes(export: Export) -> list[str]:
    return [notice.code for notice in export.notices]


@pytest.mark.parametrize("start", ["=1+1", "+33", "-20 %", "@nom", "\t=1", "\r=1", "  =1", "＝1"])
def test_cells_that_could_run_are_text_in_a_spreadsheet(start: str) -> None:
    file = exports.spreadsheet([PlannedPost(start, "x_post", campaign=start)], language="fr")
    (row,) = rows(file)
    assert row["Texte"].startswith("'")
    assert row["Campagne"].startswith("'")


@given(st.text(max_size=40))
def test_no_cell_of_a_spreadsheet_begins_like_a_formula(text: str) -> None:
    assert exports.neutral(text).lstrip(" ")[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_the_spreadsheet_opens_with_its_accents_and_says_the_length() -> None:
    file = exports.spreadsheet([POST], language="fr", zone=PARIS)
    assert file.content.startswith(b"\xef\xbb\xbf")
    (row,) = rows(file)
    assert row["Canal"] == "Publication LinkedIn"
    assert (row["Date"], row["Heure"], row["Limite"]) == ("2026-07-14", "12:00", "3000")
    assert row["Texte"] == POST.text
    assert "Length" in rows(exports.spreadsheet([POST], language="en"))[0]


def test_buffer_gets_one_file_a_channel_with_its_exact_columns() -> None:
    files = exports.buffer([POST, PlannedPost("@Lavande vous répond", "x_post")], zone=PARIS)
    assert [file.name for file in files] == ["buffer-linkedin_post.csv", "buffer-x_post.csv"]
    assert files[0].content.startswith(b"Text,Image URL,Tags,Posting Time\r\n")
    (row,) = rows(files[0])
    assert row["Posting Time"] == "2026-07-14 12:00"
    assert row["Tags"] == "été,vélo"
    assert codes(files[0]) == ["exports.for_import", "exports.one_image"]
    (mention,) = rows(files[1])
    assert mention["Text"] == "@Lavande vous répond"
    assert mention["Posting Time"] == ""
    assert "@" in files[1].notices[0].message.fr


def test_buffer_files_hold_a_hundred_rows_at_most() -> None:
    files = exports.buffer([PlannedPost(f"n° {n}", "x_post") for n in range(150)], zone=PARIS)
    assert [len(rows(file)) for file in files] == [100, 50]
    assert files[1].name == "buffer-x_post-2.csv"


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "@SUM(1+1)*cmd", "-2+3+cmd|' /C calc'!A0", "\t=1"])
def test_a_formula_does_not_pass_through_a_scheduler_file(text: str) -> None:
    (file,) = exports.buffer([PlannedPost(text, "x_post")], zone=PARIS)
    assert rows(file)[0]["Text"] == f"'{text}"
    assert "exports.neutralised" in codes(file)


@pytest.mark.parametrize("text", ["-20 % sur les vélos (neufs)", "+ de 200 vélos", "@Lavande merci"])
def test_ordinary_texts_pass_through_a_scheduler_file_unchanged(text: str) -> None:
    (file,) = exports.buffer([PlannedPost(text, "x_post")], zone=PARIS)
    assert rows(file)[0]["Text"] == text


def test_metricool_gets_its_template_with_one_network_true() -> None:
    (file,) = exports.metricool([POST], zone=PARIS, brand="Lavande", draft=False)
    header = file.content.decode().split("\r\n")[0].split(",")
    assert header[:6] == ["Text", "Date", "Time", "Draft", "Facebook", "Twitter/X"]
    assert header[-1] == "Brand name"
    assert len(header) == len(set(header))
    (row,) = rows(file)
    assert (row["Date"], row["Time"], row["Draft"]) == ("2026-07-14", "12:00:00", "false")
    assert [name for name, cell in row.items() if cell == "true"] == ["LinkedIn"]
    assert (row["Picture Url 2"], row["Alt text picture 2"]) == ("https://exemple.fr/b.jpg", "Deux vélos")
    assert row["Brand name"] == "Lavande"


def test_sprout_rows_are_in_order_and_close_ones_are_told() -> None:
    second = PlannedPost("Après", "x_post", LATER)
    (file,) = exports.sprout([second, POST], zone=PARIS)
    assert file.content.startswith(b"date,time_24hr,message_text,public_image_url\r\n")
    assert [(row["date"], row["time_24hr"]) for row in rows(file)] == [
        ("14/07/2026", "12:00"),
        ("14/07/2026", "12:05"),
    ]
    assert "exports.too_close" in codes(file)
    (american,) = exports.sprout([POST], zone=PARIS, day_first=False)
    assert rows(american)[0]["date"] == "07/14/2026"


@pytest.mark.parametrize("export", [exports.metricool, exports.sprout])
def test_a_post_without_a_date_is_refused_with_what_to_do(export) -> None:
    with pytest.raises(InputError) as caught:
        export([PlannedPost("x", "x_post")], zone=PARIS)
    assert "Donnez-leur une date" in caught.value.in_language("fr")


def test_channels_and_images_that_a_scheduler_cannot_take_are_refused() -> None:
    with pytest.raises(InputError, match="mastodon_post"):
        exports.metricool([PlannedPost("x", "mastodon_post", NOON)], zone=PARIS)
    for export in (exports.buffer, exports.metricool, exports.sprout):
        with pytest.raises(InputError, match="x_dm"):
            export([PlannedPost("private", "x_dm", NOON)], zone=PARIS)
    with pytest.raises(InputError, match="/home/me/image"):
        exports.buffer([PlannedPost("x", "x_post", NOON, ("/home/me/image.jpg",))], zone=PARIS)


def test_linkedin_api_text_is_escaped_and_keeps_its_hashtags() -> None:
    text = "Merci (vraiment) à @Lavande, 100_% [sûr] #VéloLyon \\o/"
    escaped = exports.linkedin_commentary(text)
    assert escaped == ("Merci \\(vraiment\\) à \\@Lavande, 100\\_% \\[sûr\\] {hashtag|\\#|VéloLyon} \\\\o/")


def test_markdown_shows_each_text_as_it_is() -> None:
    post = PlannedPost("```\n**gras**\n```", "x_post", NOON, ("https://exemple.fr/a.jpg",), ("Un [vélo]",))
    document = exports.markdown([post], language="fr", zone=PARIS).content.decode()
    assert document.startswith("## Publication X – 2026-07-14 12:00\n")
    assert "````text\n```\n**gras**\n```\n````" in document
    assert "[Un \\[vélo\\]](<https://exemple.fr/a.jpg>)" in document


def test_the_calendar_holds_the_dated_posts() -> None:
    from icalendar import Calendar

    file = exports.calendar([POST, PlannedPost("x", "x_post")], language="fr", zone=PARIS, now=NOON)
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    assert event["SUMMARY"] == "Publication LinkedIn – Été 2026"
    assert event["DESCRIPTION"] == POST.text
    assert event["DTSTART"].dt == NOON
    again = exports.calendar([POST], language="en", zone=PARIS, now=LATER)
    assert Calendar.from_ical(again.content).walk("VEVENT")[0]["UID"] == event["UID"]


def test_nothing_to_export_is_an_empty_file() -> None:
    assert rows(exports.spreadsheet([], language="fr")) == []
    assert rows(exports.sprout([], zone=PARIS)[0]) == []
