"""Addresses that stay."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from reportgen.errors import PublishError
from reportgen.publish import PublishReport, publish_folder
from tests.publish.sample import make_site, split_wish

RUN = "runs/rc2/w_2021_34"


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """Give the folder to publish into."""
    return tmp_path / "public"


def edition(to: Path, name: str, runs: Sequence[str], **options: object) -> PublishReport:
    """Publish an edition that holds these runs."""
    site = make_site(to.parent / f"{name}-{len(list(to.parent.iterdir()))}", name, runs=runs)
    wish, _ = split_wish(options)
    return publish_folder(site, to, edition=name, wish=wish)


def leads(to: Path, page: str) -> str:
    """Follow a permalink as a browser without scripts does, and return where it leads."""
    text = (to / page / "index.html").read_text()
    found = re.search(r'content="0; url=([^"]+)"', text)
    if found is None:
        return ""
    target = (to / page / found[1]).resolve()
    assert (target / "index.html").is_file()
    return target.relative_to(to.resolve()).as_posix()


def test_a_permalink_leads_to_the_newest_edition(to: Path) -> None:
    """The newest edition that holds the page, in whatever order they were published."""
    edition(to, "w_2021_36", ["rc2/w_2021_34"])
    edition(to, "w_2021_34", ["rc2/w_2021_34"])
    assert leads(to, RUN) == f"v/w_2021_36/{RUN}"
    edition(to, "main", ["rc2/w_2021_34"])
    assert leads(to, RUN) == f"v/main/{RUN}"


def test_a_page_that_main_no_longer_shows(to: Path) -> None:
    """The permalink falls back to the edition of its release."""
    edition(to, "w_2021_34", ["rc2/w_2021_34"])
    edition(to, "main", ["rc2/w_2021_34"])
    edition(to, "main", ["rc2/w_2021_36"])
    assert leads(to, RUN) == f"v/w_2021_34/{RUN}"


def test_a_page_that_is_gone_leaves_a_tombstone(to: Path) -> None:
    """Run, date and verdict stay where the page was, and give way when it comes back."""
    edition(to, "main", ["rc2/w_2021_34"])
    report = edition(to, "main", ["rc2/w_2021_36"])
    stone = (to / RUN / "index.html").read_text()
    assert report.tombstones == 1
    for words in ("rc2 with w_2021_34", "2021-08-26", "2 failed, 14 passed, 1 not measured"):
        assert words in stone
    edition(to, "w_2021_38", [])
    assert (to / RUN / "index.html").read_text() == stone
    edition(to, "w_2021_38", ["rc2/w_2021_34"])
    assert leads(to, RUN) == f"v/w_2021_38/{RUN}"


def test_a_renamed_run_keeps_its_address(to: Path) -> None:
    """The old permalink leads to the new page, even where an old edition has the old one."""
    edition(to, "w_2021_34", ["rc2/w_2021_34"])
    edition(to, "main", ["hsc-rc2/w_2021_34"], redirects={f"{RUN}/": "runs/hsc-rc2/w_2021_34/"})
    assert leads(to, RUN) == "v/main/runs/hsc-rc2/w_2021_34"
    edition(to, "w_2021_36", [])
    assert leads(to, RUN) == "v/main/runs/hsc-rc2/w_2021_34"


def test_a_page_renamed_twice(to: Path) -> None:
    """Renames are followed to the last name."""
    edition(to, "main", ["b/1"], redirects={"runs/a/1/": "runs/b/1/"})
    edition(to, "main", ["c/1"], redirects={"runs/b/1/": "runs/c/1/"})
    assert leads(to, "runs/a/1") == leads(to, "runs/b/1") == "v/main/runs/c/1"


def test_renames_in_a_circle(to: Path) -> None:
    """A circle is refused, with the way that it takes."""
    renames = {"runs/a/1/": "runs/b/1/", "runs/b/1/": "runs/a/1/"}
    with pytest.raises(PublishError, match="runs/a/1/ → runs/b/1/ → runs/a/1/"):
        edition(to, "main", ["a/1"], redirects=renames)


def test_a_rename_to_nowhere_is_told(to: Path) -> None:
    """Where no edition holds the new page, the report says so and nothing dead is written."""
    report = edition(to, "main", [], redirects={"runs/a/1/": "runs/b/1/"})
    assert report.warnings == ("runs/a/1/ was renamed to runs/b/1/, which no edition holds.",)
    assert not (to / "runs" / "a").exists()


@pytest.mark.parametrize("path", ["runs/../../x/", "/runs/a/", "runs/a", "", "runs/a b/", "runs//"])
def test_a_rename_must_be_the_path_of_a_page(to: Path, path: str) -> None:
    """Nothing is written elsewhere than where pages are."""
    with pytest.raises(PublishError, match="path of a page"):
        edition(to, "main", [], redirects={path: "runs/b/1/"})


def test_a_permalink_keeps_query_and_fragment(to: Path) -> None:
    """The script of a stub carries along what stands behind the address."""
    edition(to, "main", ["rc2/w_2021_34"])
    stub = (to / RUN / "index.html").read_text()
    assert f'location.replace("../../../v/main/{RUN}/" + location.search + location.hash)' in stub


def test_the_root_leads_to_the_default_edition(to: Path) -> None:
    """``main`` if it is there, else the newest."""
    edition(to, "w_2021_34", [])
    edition(to, "w_2021_36", [], aliases=["latest"])
    assert leads(to, "") == "v/w_2021_36"
    edition(to, "main", [])
    assert leads(to, "") == "v/main"


def test_the_canonical_address_is_the_permalink(to: Path) -> None:
    """Search engines find one address for a page, not one for each edition of it."""
    edition(to, "w_2021_34", ["rc2/w_2021_34"])
    frozen = to / "v" / "w_2021_34"
    canonical = '<link rel="canonical" href="https://example.org/metrics/'
    assert f'{canonical}{RUN}/">' in (frozen / RUN / "index.html").read_text()
    assert f'{canonical}v/w_2021_34/">' in (frozen / "index.html").read_text()


def test_names_in_a_tombstone_are_only_text(to: Path) -> None:
    """What a dataset is called cannot become markup."""
    site = make_site(to.parent / "a")
    index = site / "api" / "v1" / "index.json"
    data = json.loads(index.read_text())
    data["runs"][0]["dataset"] = "<script>alert(1)</script>"
    index.write_text(json.dumps(data))
    publish_folder(site, to, edition="main")
    edition(to, "main", [])
    stone = (to / RUN / "index.html").read_text()
    assert "<h1>&lt;script&gt;alert(1)&lt;/script&gt; with w_2021_34</h1>" in stone
    assert "<script" not in stone


def test_pages_with_odd_names_have_no_permalink(to: Path) -> None:
    """Only addresses of plain characters become folders and redirects."""
    edition(to, "main", ["<b>/w_1", "a b/w_1", "rc2/w_1"])
    assert [path.name for path in (to / "runs").iterdir()] == ["rc2"]
    assert (to / "v" / "main" / "runs" / "a b" / "w_1" / "index.html").is_file()
