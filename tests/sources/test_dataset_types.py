from __future__ import annotations

import pytest

from reportgen.sources.dataset_types import MetricDataset, bundle_dataset, metric_dataset

DRP = "validate_drp"


@pytest.mark.parametrize(
    ("path", "metric", "package", "aggregate"),
    [
        ("metricvalue_validate_drp_PA1/r/metricvalue_validate_drp_PA1_r.yaml", "PA1", DRP, None),
        ("metricvalue_validate_drp_PA1_HSC_9615_r_hsc_rings_v1_run.yaml", "PA1", DRP, None),
        ("run/metricvalue_validate_drp_PF1/9615/r/x.yaml", "PF1_design_gri", DRP, None),
        ("run/metricvalue_validate_drp_TE1_table/x.yaml", "TE1", DRP, None),
        ("run/metricvalue_summary_validate_drp_AB1/x.yaml", "AB1", DRP, "summary"),
        ("run/metricvalue_Sum_info_nsrcMeasVisit/x.yaml", "nsrcMeasVisit", "info", "Sum"),
        ("metricvalue_repo1/metricvalue_verify_another/x.yaml", "verify.another", "verify", None),
        ("run/metricvalue_my_new_pkg_fooBar/x.yaml", "fooBar", "my_new_pkg", None),
        ("run/metricvalue_my_new_pkg_fooBar_HSC_9615.yaml", "fooBar", "my_new_pkg", None),
        ("faro/PA1_expected_0_i.yaml", "PA1", None, None),
    ],
)  # fmt: skip
def test_metric_dataset(path, metric, package, aggregate):
    """The package of a bare metric is in the dataset type, and so is the kind of summary."""
    expected = MetricDataset(package=package, aggregate=aggregate)
    assert metric_dataset(path, metric) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("x/matchedVisitCore_metrics/9615/a.json", "matchedVisitCore_metrics"),
        ("objectTableCore_metricsTable_hsc_rings_v1.parq", "objectTableCore_metricsTable"),
        ("metrics/a.json", None),
    ],
)  # fmt: skip
def test_bundle_dataset(path, expected):
    """The dataset type of a bundle is the part of the path that ends in ``_metrics``."""
    assert bundle_dataset(path) == expected
