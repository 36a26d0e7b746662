"""Whole scripts that feed data in many ways: undisturbed, and their data told apart by line, file and name."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doctor.recording import Recording
from doctor.types import Site
from tests.conftest import ScriptRunner
from tests.diagnosing import Diagnosed, diagnose

FEEDING = Path(__file__).parent / "feeding"

#: Those that fit tables, several inputs and streams of the script's own; the others take as long as ten whole scripts.
FAST = ("batches_of_my_own", "dict_of_inputs", "table_into_fit")
EACH = [
    name if name in FAST else pytest.param(name, marks=pytest.mark.slow)
    for name in sorted(path.stem for path in FEEDING.glob("*.py"))
]


@functools.cache
def run(name: str) -> Diagnosed:
    """The diagnosed run of a script, once for all tests."""
    if name == "table_into_fit":
        pytest.importorskip("pandas")
    return diagnose(ScriptRunner(Path(tempfile.mkdtemp(prefix=f"doctor-{name}-"))), FEEDING / f"{name}.py")


def recording_of(name: str) -> Recording:
    """What was recorded of a script."""
    return run(name).recording


def array(recording: Recording, role: str, line: int | None = None) -> Site:
    """The one array with a role."""
    (found,) = [
        site
        for site in recording.sites_of("array", phase=None)
        if site.attributes["role"] == role and (line is None or (site.location and site.location.line == line))
    ]
    return found


def origin(site: Site) -> tuple[Any, ...]:
    """(file, reader, line, how) of an array."""
    facts = site.attributes["origin"]
    return facts["file"], facts["reader"], facts["location"][1], facts["how"]


def hashes(recording: Recording, *starts: str, phase: str | None = None) -> list[int]:
    """Hashes of the inputs at the sites (of a phase) whose keys start so."""
    keys = [site.key for site in recording.sites_of("rows", phase=phase) if site.key.startswith(starts)]
    return [int(row) for key in keys for row in recording.rows(key)["inputs"]]


@pytest.mark.parametrize("name", EACH)
def test_undisturbed(name: str, run_script: ScriptRunner) -> None:
    """The same output, which holds final weights and random numbers drawn at the end."""
    diagnosed = run(name)
    plain = run_script(FEEDING / f"{name}.py")
    assert plain.returncode == 0, plain.stderr
    assert diagnosed.stdout == plain.stdout
    assert diagnosed.report["run"]["exit_code"] == 0
    assert diagnosed.recording.run.not_captured == ()


def test_a_table() -> None:
    """Columns keep their names up to the network, and what pandas derives keeps its file."""
    recording = recording_of("table_into_fit")
    x, x_val = array(recording, "x"), array(recording, "x_val")
    assert x.attributes["variable"] == "features[:150]" and x_val.attributes["variable"] == "features[100:170].values"
    assert origin(x) == origin(x_val) == ("houses.csv", "pandas.read_csv", 13, "derived")
    for site in (x, x_val):
        assert [column["name"] for column in site.attributes["columns"]] == ["age", "rooms", "flat"]
    assert [column["constant"] for column in x.attributes["columns"]] == [False, False, True]
    assert [column["distinct"] for column in x.attributes["columns"]] == [None, 5, 1]
    assert recording.sites["input:1:0"].attributes["columns"] == ["age", "rooms", "flat"]
    assert [site.name for site in recording.sites_of("file")] == ["houses.csv"]


def test_columns_of_a_batch_in_a_graph() -> None:
    recording = recording_of("table_into_fit")
    names = {"column_mean", "column_std", "column_min", "column_max", "column_nonfinite"}
    seen = {name: dict(recording.vectors("input:1:0", name)) for name in names}
    assert all(sorted(vectors) == list(range(6)) for vectors in seen.values())
    assert seen["column_max"][0][2] == seen["column_min"][0][2] == 1.0
    assert not any(values.any() for values in seen["column_nonfinite"].values())


def test_sample_weights() -> None:
    fit = recording_of("table_into_fit").sites["fit:1"].attributes
    assert fit["sample_weight"] == {
        "shape": [150], "min": 0.0, "max": 2.0, "sum": 240.0, "zero_share": 0.2, "nonfinite": 0,
    }  # fmt: skip
    assert fit["class_weight"] is None and fit["validation_split"] is None


def test_rows_of_the_evaluation_that_were_trained_on() -> None:
    """Fifty of the seventy rows; of the arrays those with weight 0 are left out, of the batches none are."""
    recording = recording_of("table_into_fit")
    trained, evaluated = hashes(recording, "rows:array:x:"), hashes(recording, "rows:array:x_val:")
    assert len(trained) == 120 and len(evaluated) == 70
    assert len(set(trained) & set(evaluated)) == 50
    batches = hashes(recording, "rows:1")
    assert len(batches) == 2 * 150 and len(set(batches)) == 150 and set(trained) < set(batches)
    assert set(hashes(recording, "eval:rows:1")) <= set(evaluated)
    with_labels = recording.rows("rows:1")["both"]
    assert len(set(with_labels.tolist())) == 150 and with_labels.all()


def test_dicts_of_inputs_and_outputs() -> None:
    """Each key is a site of its own; the columns have the order in which the model joins them."""
    recording = recording_of("dict_of_inputs")
    for role in ("x['age']", "x['rooms']", "y['price']", "y['sold']"):
        assert array(recording, role, 16).attributes["variable"] == role
    assert array(recording, "y['sold']", 16).attributes["classes"] == {"0": 57, "1": 63}
    assert array(recording, "y", 20).attributes["variable"] == "y['price']"
    for key in ("input:1:0", "input:2:0"):
        assert recording.sites[key].attributes["columns"] == ["rooms", "age"]


def test_a_dataset_of_arrays() -> None:
    """The stages name the arrays that went in; rows are the same given as arrays or as a dataset."""
    recording = recording_of("dict_of_inputs")
    (dataset,) = recording.sites_of("dataset")
    assert dataset.attributes["used_for"] == "train"
    keys = dataset.attributes["chain"][0]["arrays"]
    assert [recording.sites[key].attributes["role"] for key in keys] == ["x['age']", "x['rooms']", "y"]
    given = set(hashes(recording, "rows:array:"))
    assert len(given) == 120 and set(hashes(recording, "rows:1")) == set(hashes(recording, "rows:2")) == given


def test_a_pydataset_and_a_generator() -> None:
    recording = recording_of("batches_of_my_own")
    sources = {site.name: site for site in recording.sites_of("source")}
    assert {name: site.attributes["type"] for name, site in sources.items()} == {
        "Batches": "PyDataset", "generate": "generator",
    }  # fmt: skip
    assert sources["Batches"].attributes["defined"][1:] == [12, "class Batches(keras.utils.PyDataset):"]
    assert sources["generate"].attributes["defined"][1:] == [20, "def generate():"]
    assert [site.location.line for site in sources.values() if site.location] == [27, 28]


def test_the_same_batch_at_every_step() -> None:
    """The eight steps of the first fit have one set of rows, the four of the second have others."""
    rows = recording_of("batches_of_my_own").rows("rows:1")
    batches = [frozenset(rows["inputs"][rows["step"] == step].tolist()) for step in range(12)]
    assert len(set(batches[:8])) == 1 and len(batches[0]) == 16
    assert len(set(batches[8:])) == 4 and batches[8] == batches[0]
    assert np.array_equal(rows["position"], np.tile(np.arange(16), 12)) and not rows["flags"].any()


def test_a_file_of_arrays() -> None:
    """A slice of what np.load read is a view of it."""
    recording = recording_of("batches_of_my_own")
    for name in ("x", "y"):
        site = array(recording, f"{name}_val")
        assert origin(site) == ("points.npz", "numpy.load", 8, "view") and site.attributes["origin"]["member"] == name


def test_datasets_of_files() -> None:
    """Files, the line that names them, and the functions that are mapped; names of columns survive tf.stack."""
    recording = recording_of("eager_dict_loop")
    table, lines = recording.sites_of("dataset")
    (stage,) = table.attributes["chain"]
    assert stage["stage"] == "make_csv_dataset" and stage["files"] == ["cells.csv"]
    chain = {stage["stage"]: stage for stage in lines.attributes["chain"]}
    assert chain["TextLineDataset"]["files"] == ["cells.csv"]
    assert chain["map"]["function"] == "parse" and chain["map"]["defined"][1:] == [24, "def parse(line):"]
    assert recording.sites["input:1:0"].attributes["columns"] == ["mass", "size"]
    assert "columns" not in recording.sites["input:2:0"].attributes
    assert [(site.name, site.attributes["reader"]) for site in recording.sites_of("file")] == [
        ("cells.csv", "csv.reader")
    ]


def test_rows_before_the_script_scales_them() -> None:
    """A compiled step that divides its inputs: the rows are those that it was given, twice each in two epochs."""
    rows = recording_of("eager_dict_loop").rows("rows:2")
    assert rows["step"].tolist() == np.repeat(np.arange(8), 16).tolist()
    assert rows["inputs"][:64].tolist() == rows["inputs"][64:].tolist() and len(set(rows["inputs"].tolist())) == 64


def test_a_list_of_inputs_and_a_validation_split() -> None:
    """The rows that Keras sets aside are not among those of the training."""
    recording = recording_of("lists_and_flips")
    assert [array(recording, f"x[{number}]").name for number in (0, 1)] == ["a", "b"]
    columns = ["right[0]", "right[1]", "left[0]", "left[1]", "left[2]"]
    assert recording.sites["input:1:0"].attributes["columns"] == columns
    assert recording.sites["fit:1"].attributes["validation_split"] == 0.25
    trained = set(hashes(recording, "rows:array:x[0]:", phase="train"))
    aside = set(hashes(recording, "rows:array:x[0]:", phase="eval"))
    assert (len(trained), len(aside), len(trained & aside)) == (48, 16, 0)
    assert set(hashes(recording, "rows:1")) == trained and set(hashes(recording, "eval:rows:1")) == aside


def test_images_that_the_model_flips() -> None:
    """Rows are hashed before the scaling and the flip, which are part of the compiled step."""
    recording = recording_of("lists_and_flips")
    assert recording.sites["fit:2"].attributes["class_weight"] == {"0": 1.0, "1": 2.0, "2": 0.5}
    given = hashes(recording, "rows:array:x:")
    assert len(set(given)) == 96 and set(hashes(recording, "rows:2")) == set(given)


def test_batches_cut_by_hand() -> None:
    """The array that the rows come from, its file and names, and where its rows are taken; eager and compiled."""
    recording = recording_of("cut_by_hand")
    found = {
        (site.attributes["role"], site.name): (site.location.line, site.attributes["shape"])
        for site in recording.sites_of("array", phase=None)
        if site.location
    }
    assert found == {
        ("x", "readings.x"): (29, [200, 3]),
        ("y", "readings.y"): (29, [200, 1]),
        ("x", "points['in']"): (49, [90, 5]),  # and not `wide`, whose rows are the same numbers
        ("y", "points['out']"): (49, [90, 1]),
    }
    site = next(site for site in recording.sites_of("array", phase=None) if site.name == "readings.x")
    assert origin(site) == ("sensors.csv", "numpy.loadtxt", 16, "view")
    assert recording.sites["input:1:0"].attributes["columns"] == ["flow", "heat", "gas"]
    assert set(hashes(recording, "rows:1")) <= set(hashes(recording, "rows:array:x:29:"))


def test_the_first_of_several_sources() -> None:
    """A dataset that draws from several has a selector of its own before them: the script's are followed."""
    (dataset,) = recording_of("mixed_sources").sites_of("dataset")
    stages = {stage["stage"]: stage for stage in dataset.attributes["chain"]}
    assert list(stages) == ["from_tensor_slices", "shuffle", "map", "batch"]
    assert stages["shuffle"]["arguments"]["buffer_size"] == 7 and stages["shuffle"]["elements"] == 40


def test_windows_of_a_series() -> None:
    """Rows of sequences are hashed where the graph does not know how long they are."""
    recording = recording_of("windows_of_a_series")
    site = recording.sites["rows:1"]
    assert site.attributes["width"] is None and site.attributes["most_rows"] == 64
    assert site.attributes["relation"]["rows"] > 200 and site.attributes["relation"]["deviations"] > 3.5
    trained, held = hashes(recording, "rows:1", phase="train"), hashes(recording, "eval:rows:1", phase="eval")
    assert len(set(trained)) == 300 - 12 - 11 and not {*trained} & {*held}
