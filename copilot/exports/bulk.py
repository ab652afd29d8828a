"""Bulk files of schedulers: Buffer, Metricool, Sprout Social. The columns are data, in ``columns.yml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, TypeVar

from copilot import channels
from copilot.channels.links import is_url
from copilot.errors import InputError
from copilot.exports.cells import neutral_for_import, table
from copilot.exports.posts import Export, PlannedPost, local
from copilot.messages import localized
from copilot.records import Notice

Item = TypeVar("Item")
_TITLES = {"buffer": "Buffer", "metricool": "Metricool", "sprout": "Sprout Social"}


@cache
def _format(tool: str) -> Mapping[str, Any]:
    import yaml

    text = (resources.files("copilot.exports") / "columns.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text)[tool])


def buffer(posts: Sequence[PlannedPost], *, zone: str) -> list[Export]:
    """Return files for Buffer's bulk upload: one channel a file, 100 rows each; no date means the queue.

    Args:
        posts: what to export; of several images the first is taken, and this is told.
        zone: the time zone set in Buffer for the channel.

    Raises:
        InputError: a text is no post (a reply, a message), or an image's address is not public.
    """
    form = _format("buffer")
    _posts_only(posts, "buffer")
    files = []
    for channel in dict.fromkeys(post.channel for post in posts):
        chosen = [post for post in posts if post.channel == channel]
        for number, part in enumerate(_parts(chosen, form["rows"]), 1):
            rows = [
                {
                    "Text": post.text,
                    "Image URL": _image(post),
                    "Tags": ",".join(post.tags),
                    "Posting Time": f"{local(post.at, zone):%Y-%m-%d %H:%M}" if post.at else "",
                }
                for post in part
            ]
            suffix = "" if len(chosen) <= form["rows"] else f"-{number}"
            files.append(_file("buffer", f"buffer-{channel}{suffix}.csv", rows, _single_image(part)))
    return files


def metricool(
    posts: Sequence[PlannedPost], *, zone: str, brand: str = "", draft: bool = True
) -> list[Export]:
    """Return files for Metricool's import, one row a post.

    Args:
        posts: what to export, all dated.
        zone: the time zone set in Metricool for the brand.
        brand: the brand's name there, if it has several.
        draft: import as drafts, to be confirmed there.

    Raises:
        InputError: a post has no date, a channel that Metricool does not serve, or a wrong image address.
    """
    form = _format("metricool")
    _posts_only(posts, "metricool")
    _dated(posts, "metricool")
    rows = [_metricool_row(post, form, zone, brand, draft) for post in posts]
    parts = list(_parts(rows, form["rows"]))
    names = ["metricool.csv"] if len(parts) == 1 else [f"metricool-{n}.csv" for n in range(1, len(parts) + 1)]
    return [_file("metricool", name, part, ()) for name, part in zip(names, parts, strict=True)]


def _metricool_row(
    post: PlannedPost, form: Mapping[str, Any], zone: str, brand: str, draft: bool
) -> dict[str, str]:
    network = form["networks"].get(post.channel.partition("_")[0])
    if network is None:
        raise InputError("exports.not_served", tool=_TITLES["metricool"], channel=post.channel)
    if len(post.images) > form["pictures"]:
        raise InputError("exports.too_many_images", limit=form["pictures"], count=len(post.images))
    assert post.at is not None
    moment = local(post.at, zone)
    pictures = {f"Picture Url {n}": _public(image) for n, image in enumerate(post.images, 1)}
    alts = {f"Alt text picture {n}": alt for n, alt in enumerate(post.alts[: len(post.images)], 1)}
    return {
        "Text": post.text,
        "Date": f"{moment:%Y-%m-%d}",
        "Time": f"{moment:%H:%M:%S}",
        "Draft": str(draft).lower(),
        **{column: str(column == network).lower() for column in form["networks"].values()},
        **pictures,
        **alts,
        "First Comment Text": post.first_comment,
        "Brand name": brand,
    }


def sprout(posts: Sequence[PlannedPost], *, zone: str, day_first: bool = True) -> list[Export]:
    """Return files for Sprout Social's bulk scheduling, 350 rows each, in order of time.

    Args:
        posts: what to export, all dated; of several images the first is taken, and this is told.
        zone: the time zone set in Sprout.
        day_first: write ``31/12/2026`` rather than ``12/31/2026``; the same must be chosen at import.

    Raises:
        InputError: a post has no date, or an image's address is not a public web address.
    """
    form = _format("sprout")
    _posts_only(posts, "sprout")
    _dated(posts, "sprout")
    moments = sorted(((local(p.at, zone), p) for p in posts if p.at), key=lambda pair: pair[0])
    day = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    notices = [Notice("exports.date_order", localized(f"exports.{'day' if day_first else 'month'}_first"))]
    gap = timedelta(minutes=form["minutes_apart"])
    if any(after[0] - before[0] < gap for before, after in pairwise(moments)):
        message = localized("exports.too_close", minutes=form["minutes_apart"])
        notices.append(Notice("exports.too_close", message, "warning"))
    files = []
    for number, part in enumerate(_parts(moments, form["rows"]), 1):
        rows = [
            {
                "date": moment.strftime(day),
                "time_24hr": f"{moment:%H:%M}",
                "message_text": post.text,
                "public_image_url": _image(post),
            }
            for moment, post in part
        ]
        name = "sprout.csv" if len(moments) <= form["rows"] else f"sprout-{number}.csv"
        files.append(_file("sprout", name, rows, [*notices, *_single_image([p for _, p in part])]))
    return files


def _file(tool: str, name: str, rows: Sequence[Mapping[str, str]], notices: Sequence[Notice]) -> Export:
    columns = _format(tool)["columns"]
    cells = [[neutral_for_import(row.get(column, "")) for column in columns] for row in rows]
    told = [Notice("exports.for_import", localized("exports.for_import", tool=_TITLES[tool])), *notices]
    changed = sum(
        cell != row.get(column, "")
        for row, line in zip(rows, cells, strict=True)
        for column, cell in zip(columns, line, strict=True)
    )
    if changed:
        told.append(Notice("exports.neutralised", localized("exports.neutralised", count=changed), "warning"))
    return Export(name, table(columns, cells, mark=False), "text/csv", tuple(told))


def _parts(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    return [items[start : start + size] for start in range(0, len(items), size)] or [items]


def _posts_only(posts: Sequence[PlannedPost], tool: str) -> None:
    """Refuse replies and private messages, which a scheduler would publish for all to see."""
    for post in posts:
        if channels.row_of(post.channel).kind != "post":
            raise InputError("exports.not_served", tool=_TITLES[tool], channel=post.channel)


def _dated(posts: Sequence[PlannedPost], tool: str) -> None:
    missing = sum(post.at is None for post in posts)
    if missing:
        raise InputError("exports.no_date", count=missing, tool=_TITLES[tool])


def _image(post: PlannedPost) -> str:
    return _public(post.images[0]) if post.images else ""


def _public(address: str) -> str:
    if not is_url(address):
        raise InputError("exports.not_public", address=address)
    return address


def _single_image(posts: Sequence[PlannedPost]) -> list[Notice]:
    several = sum(len(post.images) > 1 for post in posts)
    if not several:
        return []
    return [Notice("exports.one_image", localized("exports.one_image", count=several), "warning")]
