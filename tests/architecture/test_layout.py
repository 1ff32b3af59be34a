"""The house rules that a program can check; the import contracts stand in pyproject.toml."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from app import create_app
from config import Config

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "app").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PRINT_TEMPLATES = sorted((ROOT / "reports").rglob("*.html"))

DOMAINS = (
    "accounts activities audit briefs closing directory figures files funds investors journal leads ledger pipeline reporting search targets warnings"
).split()
EVERYWHERE = {"rules", "models", "queries", "operations"}
ONLY_IN = {
    "briefs": {"facts", "pdf", "word"},
    "journal": {"facts"},
    "ledger": {"workbook"},
    "reporting": {"workbook"},
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_has_at_most_300_lines(path: Path) -> None:
    assert lines(path) <= 300


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_at_most_120_lines(path: Path) -> None:
    assert lines(path) <= 120


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_has_no_other_files(domain: str) -> None:
    found = {path.stem for path in (ROOT / "app" / domain).iterdir()} - {"__init__", "__pycache__"}
    assert found <= EVERYWHERE | ONLY_IN.get(domain, set())


@pytest.mark.parametrize("path", [path for path in MODULES if "kernel" in path.parts], ids=name)
def test_the_kernel_needs_the_standard_library_only(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported = [node.module or ""]
        else:
            continue
        for module in imported:
            assert module.startswith("app.kernel") or module.split(".")[0] in sys.stdlib_module_names


def test_every_template_compiles(tmp_path: Path) -> None:
    app = create_app(Config(database_url="sqlite://", instance_path=tmp_path, secret_key="x", testing=True))
    for path in TEMPLATES:
        app.jinja_env.get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", PRINT_TEMPLATES, ids=name)
def test_every_print_template_can_be_parsed(path: Path) -> None:
    Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
