"""Addresses in the pages of an edition, once what it shares lies at the root of the site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from reportgen.publish.names import climb, is_lasting

SHARED_FOLDERS = ("figures", "assets")
_FILE = rb"((?:" + "|".join(SHARED_FOLDERS).encode() + rb")/[^\"'<>\s?#,)&]+)"
_SETTINGS = re.compile(rb"<script id=\"?__config\"?[^>]*>[^<]*</script>")
_CHARSET = re.compile(rb"<meta charset=\"?utf-8\"?>", re.IGNORECASE)
_BEGIN = rb"(?<=[\"'=(,\s])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriter:
    """Rewrites the HTML of one edition; relative, so that it works below any address."""

    edition: str
    moved: Mapping[str, str]
    """New path from the root of the published site, by the path in the edition."""
    script: str | None = None
    """Script of the edition that only published pages load: the selector and a banner."""
    indexed: bool = True
    """Whether search engines are to know pages that have no permalink."""
    _by_depth: dict[int, re.Pattern[bytes]] = field(default_factory=dict)

    def page(self, path: str, text: bytes) -> bytes:
        """Return the HTML that stands at ``v/<edition>/<path>``."""
        edition = re.escape(self.edition.encode())
        if self.moved:
            up = climb(path)
            text = self._relative(up).sub(lambda found: self._new(found, f"../../{up}"), text)
            outer = rb"(?<=[\"'=(])([^\"'<>\s]*/)v/" + edition + b"/" + _FILE
            text = re.sub(outer, self._new_outer, text)
        if self.script:
            text = _SETTINGS.sub(partial(_add_script, self._way_to_script(path)), text, count=1)
        page = path.removesuffix("index.html")
        if is_lasting(page):
            # The permalink is the address by which search engines and cards know the page.
            named = re.escape(page.encode())
            canonical = rb"(<link rel=\"canonical\" href=\"|<meta property=\"og:url\" content=\")"
            whole = canonical + rb"([^\"]*/)v/" + edition + rb"/(" + named + rb")(?=\")"
            text = re.sub(whole, rb"\1\2\3", text)
        elif not self.indexed:
            text = _CHARSET.sub(rb'\g<0><meta name="robots" content="noindex">', text, count=1)
        return text

    def _way_to_script(self, path: str) -> str:
        script = self.script or ""
        moved = self.moved.get(script)
        return climb(path) + (script if moved is None else f"../../{moved}")

    def _relative(self, up: str) -> re.Pattern[bytes]:
        depth = len(up)
        if depth not in self._by_depth:
            way = re.escape(up.encode()) if up else rb"(?:\./)?"
            self._by_depth[depth] = re.compile(_BEGIN + way + _FILE)
        return self._by_depth[depth]

    def _new(self, found: re.Match[bytes], up: str) -> bytes:
        new = self.moved.get(found[1].decode(errors="replace"))
        return found[0] if new is None else f"{up}{new}".encode()

    def _new_outer(self, found: re.Match[bytes]) -> bytes:
        new = self.moved.get(found[2].decode(errors="replace"))
        return found[0] if new is None else found[1] + new.encode()


def _add_script(way: str, settings: re.Match[bytes]) -> bytes:
    # Before the script of the theme, which looks for versions.json if the settings say so.
    return settings[0] + f'<script src="{way}"></script>'.encode()
