"""Meeting notes in the formats that people paste."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from html import escape as html_escape

from reportgen.pages.meeting import Item, MeetingText, Section
from reportgen.pages.plain_text import escape, printable


def as_markdown(text: MeetingText) -> str:
    """Return the notes as Markdown; action items are tasks."""
    lines = [f"## {escape(text.title)}"]
    for remark in text.remarks:
        lines += ["", f"*{escape(remark)}*"]
    for section in text.sections:
        lines += ["", f"### {section.title}", ""]
        bullet = "- [ ]" if section.are_tasks else "-"
        lines += [f"{bullet} {_markdown_item(item)}" for item in section.items]
    return "\n".join(lines) + "\n"


def _markdown_item(item: Item) -> str:
    name = escape(item.name)
    shown = f"[{name}](<{item.url}>)" if item.url else f"**{name}**"
    return f"{shown}: {escape(item.text)}"


def as_html(text: MeetingText) -> str:
    """Return the notes as plain HTML: headings, paragraphs, lists and links, nothing else."""
    return "\n".join(_html(text, _list)) + "\n"


def as_confluence(text: MeetingText) -> str:
    """Return the notes in Confluence's storage format; action items are its tasks."""
    return "\n".join(_html(text, _confluence_list)) + "\n"


def _html(text: MeetingText, make_list: Callable[[Section], str]) -> Iterator[str]:
    yield f"<h2>{_text(text.title)}</h2>"
    for remark in text.remarks:
        yield f"<p><em>{_text(remark)}</em></p>"
    for section in text.sections:
        yield f"<h3>{_text(section.title)}</h3>"
        yield make_list(section)


def _list(section: Section) -> str:
    items = "\n".join(f"<li>{_html_item(item)}</li>" for item in section.items)
    return f"<ul>\n{items}\n</ul>"


def _confluence_list(section: Section) -> str:
    if not section.are_tasks:
        return _list(section)
    tasks = "\n".join(
        "<ac:task><ac:task-status>incomplete</ac:task-status>"
        f"<ac:task-body>{_html_item(item)}</ac:task-body></ac:task>"
        for item in section.items
    )
    return f"<ac:task-list>\n{tasks}\n</ac:task-list>"


def _html_item(item: Item) -> str:
    name = f"<strong>{_text(item.name)}</strong>"
    shown = f'<a href="{html_escape(item.url)}">{name}</a>' if item.url else name
    return f"{shown}: {_text(item.text)}"


def _text(text: str) -> str:
    return html_escape(printable(" ".join(text.split(" "))), quote=False)


def as_json(text: MeetingText) -> str:
    """Return the notes as JSON."""
    data = {
        "title": text.title,
        "remarks": list(text.remarks),
        "sections": [
            {
                "title": section.title,
                "tasks": section.are_tasks,
                "items": [
                    {"name": item.name, "text": item.text, "url": item.url or None}
                    for item in section.items
                ],
            }
            for section in text.sections
        ],
    }
    return json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


FORMATS: Mapping[str, Callable[[MeetingText], str]] = {
    "markdown": as_markdown,
    "confluence": as_confluence,
    "html": as_html,
    "json": as_json,
}
"""What ``reportgen notes --format`` knows."""
