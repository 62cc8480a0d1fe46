"""Packages of metrics and specifications in the layout of lsst.verify.

``metrics/<package>.yaml`` maps names to metrics; ``specs/<package>/**/*.yaml`` hold one
specification or partial per document (lsst/verify_metrics is the model).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.definitions.documents import Document, make_document
from reportgen.definitions.fields import mapping, metric_from, specification_from
from reportgen.definitions.files import label, read_documents, read_yaml, yaml_files
from reportgen.definitions.inheritance import resolve
from reportgen.definitions.problems import Problems
from reportgen.errors import DefinitionError
from reportgen.model.definitions import Metric, Specification


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Metrics and specifications by name, and what could not be read."""

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    specifications: Mapping[str, Specification] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_packages(folders: Iterable[Path], root: Path | None = None) -> Package:
    """Read several packages as one: they can inherit from each other, a later one wins.

    Parameters
    ----------
    folders
        Each with ``metrics/`` or ``specs/`` or both.
    root
        Problems and origins name files relative to this folder.

    Raises
    ------
    DefinitionError
        If a folder does not exist or holds neither. Anything wrong inside is a problem of
        the result, and everything else is read.
    """
    problems = Problems()
    metrics: dict[str, Metric] = {}
    documents: list[Document] = []
    for folder in folders:
        base = root or folder.parent
        _require(folder, label(folder, base))
        metrics |= {metric.name: metric for metric in _metrics(folder, base, problems)}
        documents += _documents(folder, base, problems)
    specifications = _specifications(documents, metrics, problems)
    return Package(metrics=metrics, specifications=specifications, problems=problems.all())


def _require(folder: Path, name: str) -> None:
    if not folder.is_dir():
        raise DefinitionError(name, "", "this folder does not exist.", "Correct the configuration.")
    if not any((folder / part).is_dir() for part in ("metrics", "specs")):
        raise DefinitionError(name, "", "there is neither metrics/ nor specs/ in this folder.")


def _metrics(folder: Path, root: Path, problems: Problems) -> Iterator[Metric]:
    for path in yaml_files(folder / "metrics", root, problems):
        file = label(path, root)
        with problems.noted(file):
            for content in read_yaml(path, file, problems):
                for name, fields in mapping(content, "metrics").items():
                    with problems.noted(file, str(name)):
                        yield metric_from(f"{path.stem}.{name}", mapping(fields, "fields"), file)


def _documents(folder: Path, root: Path, problems: Problems) -> Iterator[Document]:
    specs = folder / "specs"
    for path in yaml_files(specs, root, problems):
        file = label(path, root)
        package, *below = path.relative_to(specs).with_suffix("").parts
        if not below:
            remedy = "Move it into a folder named after its package."
            problems.add(file, "", "it belongs to no package.", remedy)
            continue
        with problems.noted(file):
            for number, fields in enumerate(read_documents(path, file, problems), start=1):
                with problems.noted(file, f"document {number}"):
                    if isinstance(fields, DefinitionError):
                        raise fields
                    if fields is not None:  # nothing but comments between two separators
                        yield make_document(
                            fields, file=file, number=number, package=package, path="/".join(below)
                        )


def _specifications(
    documents: Iterable[Document], metrics: Mapping[str, Metric], problems: Problems
) -> dict[str, Specification]:
    specifications: dict[str, Specification] = {}
    for found in resolve(documents, problems):
        file, place = found.document.file, found.document.place
        with problems.noted(file, place):
            new = specification_from(found.name, found.fields, file, metrics)
            old = specifications.get(new.name)
            if old is not None and _limit(old) != _limit(new):
                problems.add(
                    file, place, f"it replaces another limit of this name, in {old.origin}."
                )
            specifications[new.name] = new
    return specifications


def _limit(spec: Specification) -> tuple[object, ...]:
    return (spec.operator, spec.threshold, spec.unit, spec.metadata_query)
