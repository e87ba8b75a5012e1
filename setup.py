"""List the packages below the namespace; everything else is in pyproject.toml."""

from setuptools import find_namespace_packages, setup

FOLDERS = ("logger", "server", "dashboard", "sample_experiments")

found = find_namespace_packages(include=[*FOLDERS, *(f"{folder}.*" for folder in FOLDERS)])
setup(packages=[f"inspectree.{name}" for name in found])
