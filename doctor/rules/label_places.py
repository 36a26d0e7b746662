"""Where labels were made, and where they and their inputs went apart."""

from __future__ import annotations

from doctor.findings import Fix
from doctor.reading.apart import column_of_another_file, files_by_name, moved_apart, paired_by_place, read_at
from doctor.reading.chains import made_at, made_elsewhere
from doctor.reading.scaling import unscaled_conversion
from doctor.reading.step_kinds import transforms
from doctor.rules.apart import zip_of_shuffled, zipped_apart
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


def went_apart(
    view: SubjectView, alone: Location | None, inputs: Site | None, labels: Site | None
) -> tuple[Location | None, str, Fix]:
    """(line, what happens there, repair) where inputs and labels went apart, as far as the source tells.

    Args:
        view: the subject.
        alone: where an array is shuffled or sorted by itself.
        inputs, labels: the arrays, where they are known.
    """
    recording = view.recording
    zipped = alone if alone is not None and (".zip(" in alone.code or zipped_apart(view)) else None
    zipped = zipped or (zip_of_shuffled(view) if alone is None else None)
    if zipped is not None:
        return zipped, "", Fix(
            "Zip inputs and labels first, and shuffle the pairs", "tf.data.Dataset.zip((x, y)).shuffle(n)", zipped
        )
    shuffled = Fix("Shuffle inputs and labels by one order, and check a few pairs by eye",
                   "order = rng.permutation(len(x))\nx, y = x[order], y[order]")  # fmt: skip
    beside = paired_by_place(recording, inputs, labels) or column_of_another_file(recording)
    known = alone or moved_apart(recording, inputs, labels) or beside
    if beside is not None:
        return known, " They come from different files, and are paired by their place alone.", Fix(
            "Pair them by what names a row in both files, and check a few pairs by eye",
            'y = table_of_labels.set_index("id")["label"].reindex(table_of_inputs["id"])',
        )
    listed = files_by_name(recording) if known is None else None
    if listed is not None:
        return listed, f" Line {listed.line} takes files by their names as texts, where 10 comes before 2.", Fix(
            "Take the files in the order of their labels, or look each label up by its file's name",
            "sorted(paths, key=lambda path: int(Path(path).stem))",
            listed,
        )
    read = read_at(recording, labels) or made_elsewhere(recording, labels)
    return known or read or (labels.location if labels is not None else None), "", shuffled


def mapped_at(view: SubjectView) -> Location | None:
    """The first function that the training dataset maps: labels are prepared there."""
    for dataset in view.sites("dataset", None):
        if dataset.attributes.get("used_for") in ("train", None):
            for stage in dataset.attributes.get("chain") or ():
                if stage.get("stage") == "map" and stage.get("location"):
                    return Location.of(stage["location"])
    return None


def label_line(view: SubjectView, label: Site) -> Location | None:
    """Where the labels were made; else where they enter the training, or the loss of a loop that feeds no array."""
    array = next((one for one in view.sites("array") if one.attributes.get("role") == "y"), None)
    pixels = unscaled_conversion(view.recording, 1)
    if pixels is not None:
        return pixels
    made = made_at(view.recording, array, transforms, sources=True)
    hinge = view.loss is not None and view.loss.attributes.get("function") == "hinge"
    if made is not None and not hinge:  # the labels of a hinge are as good as any other loss for them
        return made
    if view.subject.attributes.get("style") != "fit":
        own = label if label.location != view.subject.location else None
        places = (array, own, view.loss, label)
        return next((one.location for one in places if one is not None and one.location is not None), None)
    return label.location or (array.location if array is not None else None)
