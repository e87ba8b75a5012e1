"""The words that numbers in the samples stand for, in a model's file."""

from dataclasses import replace
from typing import Any

import h5py
import pytest

from inspectree.logger.header import Header
from inspectree.logger.store.reader import ModelReader
from inspectree.logger.store.verifying import verify_model
from inspectree.logger.store.writer import ModelWriter

WORDS = {"image": ("", "[UNK]", 'a "quoted" word', "schön")}


@pytest.fixture
def told(writer: ModelWriter, training: Any) -> ModelReader:
    """Return a model that was logged with a vocabulary."""
    writer.start(training.graph(), {}, replace(training.samples(), vocabulary=WORDS))
    writer.finish()
    return ModelReader(writer.folder)


def test_it_is_read_as_it_was_written(told: ModelReader) -> None:
    assert told.vocabulary == WORDS
    assert told.header == Header(id="model", name="m")
    assert verify_model(told.folder).vocabulary == WORDS


def test_without_one_there_is_none(logged: ModelReader) -> None:
    assert logged.vocabulary == {}
    with h5py.File(logged.path) as file:
        assert "vocabulary" not in file
