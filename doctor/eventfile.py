"""TensorBoard event files, written with TensorBoard's own protocol buffers and without TensorFlow."""

from __future__ import annotations

import errno
import io
import os
import socket
import struct
import time
from pathlib import Path
from typing import Any, Mapping, Sequence

import google_crc32c
import numpy as np
from PIL import Image
from tensorboard.compat.proto import types_pb2
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.custom_scalar import metadata as custom_scalar_metadata
from tensorboard.plugins.histogram import metadata as histogram_metadata
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.plugins.scalar import metadata as scalar_metadata
from tensorboard.plugins.text import metadata as text_metadata
from tensorboard.util import tensor_util

from doctor.types import TensorStats

# Made once, and tensors below field by field: the general helpers cost a third of a millisecond a point.
_SCALAR = scalar_metadata.create_summary_metadata("", "")
_HISTOGRAM = histogram_metadata.create_summary_metadata("", "")


class EventFile:
    """One event file, which TensorBoard shows as one run.

    Args:
        folder: made where it does not exist.

    Attributes:
        path: of the file.
        written: bytes in it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = f"events.out.tfevents.{int(time.time())}.{socket.gethostname()}.{os.getpid()}.doctor"
        # Written through at every record: TensorBoard reads while the script runs, and a
        # run that is killed keeps what it had.
        self.path = folder / name
        self._file = open(self.path, "wb", buffering=0)
        self.written = 0
        self._write(Event(wall_time=time.time(), file_version="brain.Event:2"))

    def scalar(self, tag: str, step: int, value: float) -> None:
        """A point of a curve; NaN and infinities are drawn by TensorBoard as such."""
        tensor = TensorProto(dtype=types_pb2.DT_FLOAT, tensor_shape=TensorShapeProto(), float_val=[value])
        self._summary(tag, step, tensor, _SCALAR)

    def histogram(self, tag: str, step: int, stats: TensorStats) -> None:
        """A histogram, from equal bins between the smallest and the largest finite value."""
        counts = stats.histogram
        if counts is None or not counts.any():
            return
        edges = np.linspace(stats["min"], stats["max"], len(counts) + 1)
        buckets = np.stack([edges[:-1], edges[1:], counts], axis=1)
        rows = TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in buckets.shape])
        tensor = TensorProto(dtype=types_pb2.DT_DOUBLE, tensor_shape=rows, tensor_content=buckets.tobytes())
        self._summary(tag, step, tensor, _HISTOGRAM)

    def images(self, tag: str, step: int, pngs: list[bytes], width: int, height: int) -> None:
        """Images that are PNG files already."""
        data = np.array([str(width).encode(), str(height).encode(), *pngs], dtype=object)
        metadata = image_metadata.create_summary_metadata(None, None)
        self._summary(tag, step, tensor_util.make_tensor_proto(data), metadata)

    def graph(self, graph_def: bytes) -> None:
        """The graph dashboard's graph, a serialised GraphDef."""
        self._write(Event(wall_time=time.time(), graph_def=graph_def))

    def text(self, tag: str, step: int, markdown: str) -> None:
        """A text; TensorBoard renders its Markdown."""
        tensor = tensor_util.make_tensor_proto(np.array(markdown.encode("utf-8"), dtype=object))
        self._summary(tag, step, tensor, text_metadata.create_summary_metadata("", ""))

    def layout(self, categories: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """Which charts the custom-scalars dashboard shows.

        Args:
            categories: regular expressions of tags by title of the chart, by title of the category.
        """
        layout = layout_pb2.Layout(
            category=[
                layout_pb2.Category(
                    title=title,
                    chart=[
                        layout_pb2.Chart(title=name, multiline=layout_pb2.MultilineChartContent(tag=tags))
                        for name, tags in charts.items()
                    ],
                )
                for title, charts in categories.items()
            ]
        )
        tensor = tensor_util.make_tensor_proto(np.array(layout.SerializeToString(), dtype=object))
        metadata = custom_scalar_metadata.create_summary_metadata()
        self._summary(custom_scalar_metadata.CONFIG_SUMMARY_TAG, 0, tensor, metadata)

    def summary(self, summary: Summary) -> None:
        """A summary that a plugin of TensorBoard has made."""
        self._write(Event(wall_time=time.time(), step=0, summary=summary))

    def remove(self) -> None:
        """Close the file and delete it."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing can be written afterwards."""
        self._file.close()

    def _summary(self, tag: str, step: int, tensor: TensorProto, metadata: SummaryMetadata) -> None:
        summary = Summary(value=[Summary.Value(tag=tag, tensor=tensor, metadata=metadata)])
        self._write(Event(wall_time=time.time(), step=step, summary=summary))

    def _write(self, event: Event) -> None:
        # The TFRecord framing, as TensorBoard's RecordWriter has it; its checksum is computed
        # in Python, which takes three quarters of the time of writing a histogram.
        data = event.SerializeToString()
        length = struct.pack("<Q", len(data))
        record = length + _masked_checksum(length) + data + _masked_checksum(data)
        write_whole(self._file, record)
        self.written += len(record)


def write_whole(file: Any, data: bytes) -> None:
    """Write to an unbuffered file.

    Raises:
        OSError: it was not written, or only the first part of it, as on a disk that fills up:
            what came after half a row could not be read.
    """
    if file.write(data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _masked_checksum(data: bytes) -> bytes:
    checksum = google_crc32c.value(data)
    rotated = (checksum >> 15 | checksum << 17) + 0xA282EAD8
    return struct.pack("<I", rotated & 0xFFFFFFFF)


def encode_png(image: np.ndarray) -> bytes:
    """An image of any range as a PNG file, its smallest value black and its largest white.

    Args:
        image: shape (height, width, channels) with 1, 3 or 4 channels; values that are not
            finite are drawn black.
    """
    finite = np.where(np.isfinite(image), image, np.nan).astype(np.float64)
    if np.isnan(finite).all():
        finite = np.zeros_like(finite)
    low, high = float(np.nanmin(finite)), float(np.nanmax(finite))
    scaled = np.nan_to_num((finite - low) / ((high - low) or 1.0)) * 255
    pixels = scaled.astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(file, format="PNG")
    return file.getvalue()
