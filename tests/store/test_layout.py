from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.store.layout import checkpoint_file, decode, encode, layer_group, model_folder


def test_names_that_would_part_a_path_are_encoded() -> None:
    assert [encode(name) for name in ("a/b", "a@1", "#7", "50%", ".", "..", "a.b", "größe ü")] == [
        "a%2Fb", "a%401", "%237", "50%25", "%2E", "%2E%2E", "a.b", "größe ü",
    ]  # fmt: skip


@given(st.text())
def test_every_name_comes_back_and_is_one_part_of_a_path(name: str) -> None:
    assert decode(encode(name)) == name
    assert not set("/@#") & set(encode(name))
    assert encode(name) not in {".", ".."}


def test_layers_inside_layers_have_groups_inside_groups() -> None:
    assert layer_group("block/conv%2F1") == "/layers/block/layers/conv%2F1"


def test_files_stand_where_the_format_says() -> None:
    folder = model_folder(Path("runs"), "model")
    assert folder == Path("runs/models/model")
    assert checkpoint_file(folder, 12) == Path("runs/models/model/checkpoints/000012.h5")
    assert checkpoint_file(folder, 1_000_000).name == "1000000.h5"
