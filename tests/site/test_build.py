"""The docs folder becomes a site: quietly, the same each time, all or nothing."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from reportgen.errors import SiteError
from reportgen.site.build import build_site
from reportgen.site.resources import find_settings, templates_dir
from tests.site import sample
from tests.site.conftest import build


def read(folder: Path, path: str) -> str:
    """Return the text of a file of the site."""
    return (folder / path).read_text()


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return time of change and content of all files."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_pages(site) -> None:
    """Home, runs, metrics, one of them, one run, notes, and the page for dead addresses."""
    assert len(list(site.rglob("*.html"))) == 7


def test_page(site) -> None:
    """Body, breadcrumbs, table of contents and link preview come from the front matter, escaped."""
    html = read(site, f"{sample.RUN}index.html")
    title = "w_2026_46 &quot;&lt;b&gt;&amp;"
    assert f"<title>{title} - Science metrics</title>" in html
    assert f'<meta property="og:title" content="{title}">' in html
    assert f'<meta name="description" content="Two fail in {title}.">' in html
    assert "<h1>w_2026_46 &#34;&lt;b&gt;&amp;</h1>" in html
    assert '<li class="rg-crumb"><a href="../../../runs/#PA0-g">Demo &amp; co</a></li>' in html
    assert re.search(
        r'<a href="#requirements" class="md-nav__link">\s*<span[^>]*>Requirements &amp; more<', html
    )
    assert re.search(r'<ul class="md-nav__list">\s*<li[^>]*>\s*<a href="#history"', html)
    assert f'<link rel="canonical" href="{sample.URL}v/main/{sample.RUN}">' in html
    assert f'<a href="{sample.URL}{sample.RUN}">' in html
    assert "<b>&" not in html
    assert html.count("<h1") == 1


def test_notes_are_markdown(site) -> None:
    """What people write is rendered as MkDocs does, links between pages included."""
    html = read(site, "notes/index.html")
    assert "What <em>people</em> write." in html
    assert '<a href="../runs/">Runs</a>' in html
    assert re.search(r'<h2 id="why">Why<a class="headerlink"', html)


def test_search_index(site) -> None:
    """Only title, description and words for searching are in the index, never table cells."""
    index = json.loads(read(site, "search/search_index.json"))
    entries = {entry["location"]: entry for entry in index["docs"]}
    words = 'Two fail in w_2026_46 "&lt;b&gt;&amp;. DM-48123'
    assert entries[sample.RUN]["text"] == f"<p>{words}</p>"
    assert entries[sample.RUN]["title"] == "w_2026_46 &quot;&lt;b&gt;&amp;"
    assert "PA1" not in json.dumps(index)


def test_quiet(project, capfd) -> None:
    """Nothing is printed, whatever MkDocs and Material have to say."""
    build(project)
    assert capfd.readouterr() == ("", "")


def test_nothing_needless(site) -> None:
    """No source map, no language file, no word of them; the site is small without figures."""
    names = [path.name for path in site.rglob("*")]
    assert not [name for name in names if name.endswith(".map") or name.startswith("lunr")]
    for path in site.glob("assets/**/*.*s"):
        assert b"sourceMappingURL" not in path.read_bytes()
    assert sum(path.stat().st_size for path in site.rglob("*")) < 1_000_000


def test_sections_without_a_page(site) -> None:
    """The navigation leaves out sections that have nothing to show."""
    html = read(site, "index.html")
    tabs = re.findall(r'class="md-tabs__link">\s*([^<]*?)\s*</a>', html)
    assert tabs == ["Overview", "Runs", "Metrics", "Notes"]


def test_same_bytes(project, tmp_path) -> None:
    """Two builds of one docs folder in different places give the same bytes."""
    other = tmp_path / "elsewhere"
    shutil.copytree(project, other)
    build(project)
    build(other)
    first, second = state(project / "site"), state(other / "site")
    assert {path: content for path, (_, content) in first.items()} == {
        path: content for path, (_, content) in second.items()
    }


def test_kept_templates_change_no_byte(project, tmp_path) -> None:
    """Templates that an earlier build compiled give what those compiled anew give."""
    cache, found, compiled = tmp_path / "theme", [], []
    for kept in (cache, cache, None):
        build(project, cache_dir=kept)
        found.append({path: content for path, (_, content) in state(project / "site").items()})
        compiled.append(state(cache))
    assert found[0] == found[1] == found[2]
    assert compiled[0] == compiled[1] != {}


def test_reports_share_templates(project, tmp_path) -> None:
    """A second report compiles nothing of the theme; its own templates are still its own."""
    cache, other = tmp_path / "theme", tmp_path / "other"
    shutil.copytree(project, other)
    build(project, cache_dir=cache)
    known = state(cache)
    build(other, cache_dir=cache)
    assert state(cache) == known
    (other / "theme").mkdir()
    (other / "theme" / "404.html").write_text("<title>Not here</title>")
    settings = (other / "mkdocs.yml").read_text()
    (other / "mkdocs.yml").write_text(settings.replace("build/theme", "theme"))
    build(other, cache_dir=cache)
    assert read(other / "site", "404.html") == "<title>Not here</title>"
    build(project, cache_dir=cache)
    assert "<title>Not here</title>" not in read(project / "site", "404.html")


def test_dates(project) -> None:
    """The sitemap names the edition's pages and the day that stands for now."""
    build(project)
    sitemap = read(project / "site", "sitemap.xml")
    assert f"<loc>{sample.URL}v/main/{sample.RUN}</loc>\n         <lastmod>2026-11-22<" in sitemap
    assert gzip.decompress((project / "site/sitemap.xml.gz").read_bytes()).decode() == sitemap
    assert "SOURCE_DATE_EPOCH" not in os.environ


def append(path: Path, text: str) -> None:
    """Add to a file."""
    path.write_text(path.read_text() + text)


def test_other_edition_is_another_site(project) -> None:
    """The address of the edition is part of every page."""
    build(project, edition="w_2026_46")
    html = read(project / "site", "index.html")
    assert f'<link rel="canonical" href="{sample.URL}v/w_2026_46/">' in html


def test_dead_link(project) -> None:
    """A dead link in finished HTML is reported."""
    path = project / "build/docs/runs/index.md"
    path.write_text(
        path.read_text().replace("body: |1-\n", 'body: |1-\n <a href="../gone/">x</a>\n')
    )
    assert [str(problem) for problem in build(project, good=False).problems] == [
        "runs/index.html: ../gone/ leads to gone/index.html, which is not there"
    ]


FAILURES = {
    "no YAML": ("mkdocs.yml", "site_name: [", "mkdocs.yml"),
    "unknown theme": ("mkdocs.yml", "site_name: x\ntheme: nothing\n", "theme"),
    "no name": ("mkdocs.yml", "theme: material\n", "site_name"),
    "missing template": (
        "build/docs/runs/index.md",
        "---\ntemplate: gone.html\n---\n",
        "gone.html",
    ),
    "not text": ("build/docs/runs/index.md", b"\xff\xfe\x00", "runs/index.md"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_failed_build_keeps_the_old_site(project, failure, capfd) -> None:
    """Whatever fails, it is one sentence that names the cause, and the old site stays."""
    build(project)
    before = state(project / "site")
    path, content, message = FAILURES[failure]
    (project / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SiteError, match=message) as caught:
        build(project)
    assert "\n" not in str(caught.value)
    assert state(project / "site") == before
    assert capfd.readouterr() == ("", "")


def test_warnings_of_mkdocs(project) -> None:
    """A dead link in Markdown is a warning."""
    append(project / "build/docs/notes/index.md", "[x](gone.md)\n")
    report = build(project, good=False)
    assert any("gone.md" in warning for warning in report.warnings)


def test_themes(project) -> None:
    """The theme is ours without a custom_dir, and single files of it can be replaced by one."""
    settings = (project / "mkdocs.yml").read_text()
    (project / "mkdocs.yml").write_text(settings.replace("  custom_dir: build/theme\n", ""))
    build(project)
    assert 'class="rg-report"' in read(project / "site", "index.html")
    assert (project / "site/assets/reportgen.css").is_file()
    own = project / "mine" / "assets"
    own.mkdir(parents=True)
    (own / "reportgen.css").write_text("/* mine */")
    (project / "mkdocs.yml").write_text(settings.replace("build/theme", "mine"))
    build(project)
    assert 'class="rg-report"' in read(project / "site", "index.html")
    assert read(project / "site", "assets/reportgen.css") == "/* mine */"


def test_theme_beside_the_docs_is_ours(project) -> None:
    """Plain MkDocs finds the theme in the build folder, exactly as the package has it."""
    stale = project / "build/theme/partials/old.html"
    stale.parent.mkdir(parents=True)
    stale.write_text("old")
    build(project)
    theme = templates_dir() / "theme"
    assert {path: content for path, (_, content) in state(project / "build/theme").items()} == {
        path: content for path, (_, content) in state(theme).items()
    }


def test_lost_copy_of_our_theme(project) -> None:
    """The mkdocs.yml of a checkout works where only the package is: its theme is ours anyway."""
    settings = (project / "mkdocs.yml").read_text()
    (project / "mkdocs.yml").write_text(settings.replace("build/theme", "site_templates/theme"))
    build(project)
    assert 'class="rg-report"' in read(project / "site", "index.html")
    (project / "mkdocs.yml").write_text(settings.replace("build/theme", "my/theme"))
    with pytest.raises(SiteError, match="my/theme"):
        build(project)


def test_report_without_settings(project, monkeypatch) -> None:
    """A folder without a mkdocs.yml is built with the default one, under the name of its report."""
    (project / "mkdocs.yml").unlink()
    monkeypatch.chdir(project)
    settings = find_settings(Path(), Path("build"), 'Nights: "all"')
    assert settings == Path("build/mkdocs.yml")
    build_site(settings, Path("build/docs"), Path("site"))
    page = read(project / "site", "index.html")
    assert "Nights: &#34;all&#34;" in page or 'Nights: "all"' in page
    assert 'class="rg-report"' in page
