"""The lists of packages to install are those that pyproject.toml asks for, each exact and with hashes."""

from __future__ import annotations

import re
import tomllib

import pytest

from ita.config import PROJECT

DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
RUN: list[str] = DECLARED["project"]["dependencies"]
DEVELOP: list[str] = DECLARED["dependency-groups"]["dev"]


def _locked(name: str) -> dict[str, str]:
    """Package -> version of a requirements file."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("package", [*RUN, *DEVELOP])
def test_each_declared_package_is_exact(package: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", package)


def test_what_is_locked_is_what_is_declared() -> None:
    declared = dict(package.split("==") for package in RUN)
    assert declared.items() <= _locked("requirements.txt").items(), "run `make lock`"
    for_development = dict(package.split("==") for package in DEVELOP)
    assert for_development.items() <= _locked("requirements-dev.txt").items(), "run `make lock`"


def test_development_has_what_runs_in_the_same_versions() -> None:
    assert _locked("requirements.txt").items() <= _locked("requirements-dev.txt").items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_each_locked_package_has_hashes(name: str) -> None:
    entries = re.split(
        r"^(?=[a-z0-9-]+==)", (PROJECT / name).read_text("utf-8"), flags=re.MULTILINE
    )
    assert all("--hash=sha256:" in entry for entry in entries[1:])
