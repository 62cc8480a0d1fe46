"""Texts of the files that `reportgen init` writes."""

from __future__ import annotations

CONFIG = """\
# What this report is made from. `reportgen build` reads it; every key is explained in the
# documentation of reportgen under "Configuration".

[site]
name = {name}
# Where the site will live: links that are pasted elsewhere start with it.
{url}
# Runs of each dataset that are shown in full.
recent_runs = 12

[definitions]
# Metrics and specifications in the lsst.verify layout.
packages = ["data/definitions"]
# Aliases, corrected limits, epochs: each with its reason.
overrides = "data/overrides.toml"
# Known issues: who looks at them, under which ticket, until when.
triage = "data/triage.toml"

{sources}"""

SOURCE = """\
# {files} found.{check}
[[source]]
name = {name}
type = "{type}"
location = {location}
{extra}"""

CHECK = """ What they belong to, they do not say: put in the right {keys}. It can be
# a constant, {{ meta = "key" }} of the job's metadata, {{ column = "name" }} of a table, or a named
# group of `pattern` in the path."""

EXAMPLE = """\
# No results were found here, so the report starts with generated ones. Put your own in their
# place: `init` knows verify-json, metricvalue, analysis-tools, cp-verify, json-map and table.
[[source]]
name = "example (demonstration)"
type = "table"
location = "data/example/history.parquet"
columns = { metric = "metric", band = "band", tract = "tract", value = "value", unit = "unit", \
release = "release", date = "date", ticket = "ticket", collection = "collection", \
producer = "producer" }
dataset = "Example (demonstration)"
instrument = "HSC"
skymap = "hsc_rings_v1"
demonstration = true
"""

TRIAGE = """\
# Known issues. They are marked wherever they appear; an entry that has expired, or is no longer
# true, is reported.
#
# [[issue]]
# metric = "validate_drp.PA1"
# run = "*"
# band = "y"
# owner = "A. Name"
# ticket = "DM-12345"
# reason = "calibration of the y band is being redone"
# since = 2026-01-15
# expires = 2026-06-30
"""

GITIGNORE = """\
/build/
/site/
"""

INSTALL = """\
        # From where this can be installed is not known here. Say it in the settings of the
        # repository, Secrets and variables, Actions, Variables: REPORTGEN, for example
        # reportgen @ git+https://github.com/NAME/reportgen
        env:
          REPORTGEN: ${{ vars.REPORTGEN }}
        run: pip install "${REPORTGEN:?Set the variable REPORTGEN, see the workflow}"
"""

QUESTIONS = ", and say there which {keys} the results belong to: they do not say it"
NEXT = """\
Next:
1. Look at reportgen.toml{questions}.
2. Run `reportgen build` and open site/index.html; what could not be read is named.
3. Put the folder on GitHub: git init, git add ., git commit -m Report, git push. The workflow then
   publishes it; choose once, under Settings, Pages, the branch gh-pages."""
