"""An audit as JSON with a versioned schema (spec/audit.schema.json)."""

from __future__ import annotations

from collections.abc import Sequence

from sharedfate.evidence.audit import AuditReport
from sharedfate.report.diagnostics import span_as_data
from sharedfate.report.json_out import encode, flow_data

AUDIT_SCHEMA = "sharedfate.audit/1"


def report_json(file: str, model: str, notes: Sequence[str], report: AuditReport) -> str:
    """One JSON document that ends with a line feed. Rules of a flow are numbers of `entries`, from 1."""
    return encode(
        {
            "schema": AUDIT_SCHEMA,
            "file": file,
            "model": model,
            "policies": list(report.policies),
            "notes": list(notes),
            "functions": [
                {
                    "function": row.function,
                    "honest": str(row.honest),
                    "horizons": [
                        {
                            "horizon": cell.horizon.value,
                            "worst": str(cell.low),
                            "best": str(cell.high),
                            "flows": [flow_data(flow) for flow in cell.flows],
                        }
                        for cell in row.cells
                    ],
                }
                for row in report.rows
            ],
            "entries": [
                {
                    "policy": item.policy,
                    "rule": item.rule,
                    "span": span_as_data(item.span),
                    "acts_on": list(item.places),
                }
                for item in report.guilty
            ],
            "leaned_on": list(report.leaned_on),
            "partial": report.partial,
        }
    )
