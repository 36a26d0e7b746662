"""What to install for a module that is missing."""

from __future__ import annotations

from doctor.findings import Fix

#: Packages that are not called as the module that they bring.
PACKAGES = {
    "PIL": "pillow",
    "Bio": "biopython",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "gym": "gymnasium",
    "keras_cv": "keras-cv",
    "keras_hub": "keras-hub",
    "keras_tuner": "keras-tuner",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "tensorflow_addons": "",
    "tensorflow_datasets": "tensorflow-datasets",
    "tensorflow_hub": "tensorflow-hub",
    "tensorflow_probability": "tensorflow-probability",
    "yaml": "pyyaml",
}


#: Others that no file of the user's is called after.
KNOWN = frozenset(
    "tensorflow keras numpy scipy pandas matplotlib seaborn tqdm torch jax transformers wandb mlflow h5py".split()
)


def missing_module(name: str) -> tuple[str, tuple[Fix, ...]]:
    """(plain words, what to do) for a module that Python does not find.

    Args:
        name: as in Python's message, "package.module" where the package itself was found.
    """
    top, _, below = name.partition(".")
    if below:
        return (
            f"`{top}` is installed, but this version of it has no `{below}`: the script was written for another one.",
            (Fix(f"Import the name from where the installed `{top}` keeps it"),),
        )
    package = PACKAGES.get(top, top)
    if not package:
        return (f"`{top}` is no longer maintained and works with no TensorFlow that doctor supports.", ())
    where = " in the Python that doctor runs with, which also runs the script"
    return (
        f"The package `{package}` is not installed{where}. If `{name}` is a file of yours, it must stand beside the "
        "script or on PYTHONPATH."
        if top not in PACKAGES and top not in KNOWN
        else f"The package `{package}` is not installed{where}.",
        (Fix(f"Install `{package}`", f"pip install {package}"),),
    )
