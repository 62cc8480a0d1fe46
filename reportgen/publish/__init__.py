"""Finished sites as editions of one published site, on a branch or in a folder."""

from reportgen.publish.branch import (
    HISTORIES,
    Branch,
    known_on_branch,
    prune_branch,
    publish_branch,
)
from reportgen.publish.check import CheckReport, check_branch, check_folder
from reportgen.publish.folder import known_in_folder, prune_folder, publish_folder
from reportgen.publish.notes import lasting_pages
from reportgen.publish.plan import Wish
from reportgen.publish.prune import Keep, linked_editions
from reportgen.publish.report import PublishReport

__all__ = [
    "HISTORIES",
    "Branch",
    "CheckReport",
    "Keep",
    "PublishReport",
    "Wish",
    "check_branch",
    "check_folder",
    "known_in_folder",
    "known_on_branch",
    "lasting_pages",
    "linked_editions",
    "prune_branch",
    "prune_folder",
    "publish_branch",
    "publish_folder",
]
