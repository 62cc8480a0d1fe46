"""The loader of YAML below all others: plain values only, nothing in a file is run."""

from __future__ import annotations

from typing import Any

import yaml

SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times faster where PyYAML has libyaml."""
