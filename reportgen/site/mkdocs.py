"""MkDocs, called in this process: the only module that knows the site generator."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from reportgen.errors import SiteError
from reportgen.places import concerns_place
from reportgen.site.resources import without_lost_theme
from reportgen.site.shortcuts import shortcuts

SECTIONS = frozenset(
    f"{name}/index.md"
    for name in ("runs", "compare", "metrics", "calibrations", "requirements", "notes", "data")
)
"""Pages of the navigation that exist where there is something to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MkDocsBuild:
    """One call of MkDocs."""

    config_file: Path
    docs_dir: Path
    site_dir: Path
    theme_dir: Path
    """Our overrides; those that the configuration names itself come before them."""
    site_url: str | None
    """Address of the edition; None: what the configuration says."""
    epoch: int | None
    """Seconds since 1970 that stand for *now*, so that two builds give the same bytes."""
    cache_dir: Path | None = None
    """Where compiled templates are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MkDocsResult:
    """What MkDocs had to say, and what of its configuration matters afterwards."""

    warnings: tuple[str, ...]
    site_url: str
    languages: tuple[str, ...]
    """Languages of the search index."""


def run_mkdocs(job: MkDocsBuild) -> MkDocsResult:
    """Build the site quietly.

    Raises
    ------
    SiteError
        If MkDocs cannot read its configuration or gives up; says why in its words.
    """
    # MkDocs and Material take a while to load, and a build without news needs neither.
    from jinja2 import TemplateError  # noqa: PLC0415
    from mkdocs.commands.build import build  # noqa: PLC0415
    from mkdocs.exceptions import MkDocsException  # noqa: PLC0415

    from reportgen.site.theme_cache import keep_templates  # noqa: PLC0415

    with _collected_log() as log, _build_date(job.epoch):
        try:
            config = _load(job)
            if job.cache_dir is not None:
                keep_templates(config.theme, job.cache_dir)
            config.plugins.on_startup(command="build", dirty=False)
            try:
                with shortcuts(config.docs_dir):
                    build(config)
            finally:
                config.plugins.on_shutdown()
        except (MkDocsException, SystemExit, TemplateError, UnicodeError, OSError) as error:
            if concerns_place(error):
                raise
            # MkDocs names the file in its log, and then only says that it aborts.
            causes = [*log.texts(logging.ERROR), str(error)]
            raise SiteError(f"{job.config_file.name}: {causes[0].splitlines()[0]}") from error
    return MkDocsResult(
        warnings=tuple(log.texts(logging.WARNING)),
        site_url=config.site_url or "",
        languages=_search_languages(config),
    )


def _load(job: MkDocsBuild) -> Any:
    from mkdocs.config import load_config  # noqa: PLC0415

    # Absolute: MkDocs takes relative ones from the folder of its settings.
    folders = {"docs_dir": job.docs_dir, "site_dir": job.site_dir}
    options: dict[str, Any] = {name: str(path.resolve()) for name, path in folders.items()}
    options |= without_lost_theme(job.config_file)
    if job.site_url:
        options["site_url"] = job.site_url
    config = load_config(str(job.config_file), strict=False, **options)
    # Last of all: what people write in Markdown must not bring a script onto a page.
    config.markdown_extensions.append("reportgen.site.clean_html")
    if config.nav:
        config.nav = [item for item in config.nav if not _is_empty_section(item, job.docs_dir)]
    ours = str(job.theme_dir)
    if ours not in config.theme.dirs:
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, ours)
    return config


def _is_empty_section(item: object, docs_dir: Path) -> bool:
    """Tell whether an entry of the navigation is a section of reports that has no page (yet).

    A site without calibrations has none; what people add themselves is for MkDocs to judge.
    """
    pages = item.values() if isinstance(item, dict) else [item]
    return any(page in SECTIONS and not (docs_dir / page).is_file() for page in pages)


def edition_url(site_url: str, edition: str) -> str:
    """Return the address of an edition below the address of the whole site."""
    return urljoin(site_url.rstrip("/") + "/", f"v/{edition}/")


def _search_languages(config: Any) -> tuple[str, ...]:
    for name in ("material/search", "search"):
        if name in config.plugins:
            languages = config.plugins[name].config.get("lang") or ["en"]
            return (languages,) if isinstance(languages, str) else tuple(languages)
    return ()


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)

    def texts(self, level: int) -> list[str]:
        """Return the messages of at least this level, each once, in order."""
        return list(dict.fromkeys(r.getMessage() for r in self._records if r.levelno >= level))


@contextmanager
def _collected_log() -> Iterator[_Collector]:
    """Keep what MkDocs logs off the terminal."""
    logger, collector = logging.getLogger("mkdocs"), _Collector()
    before = (logger.level, logger.propagate, logger.handlers[:])
    # Warnings only: with debugging on, MkDocs skips its check of anchors in Markdown.
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.handlers[:] = [collector]
    try:
        yield collector
    finally:
        logger.level, logger.propagate, logger.handlers[:] = before


@contextmanager
def _build_date(epoch: int | None) -> Iterator[None]:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    if before is None and epoch is not None:
        os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("SOURCE_DATE_EPOCH", None)
