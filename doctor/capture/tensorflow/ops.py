"""What TensorFlow's op types mean for the structure of a network."""

from __future__ import annotations

from typing import Mapping

#: Op type -> the function's name in a recording.
ACTIVATIONS: Mapping[str, str] = {
    "Relu": "relu",
    "Relu6": "relu6",
    "LeakyRelu": "leaky_relu",
    "Elu": "elu",
    "Selu": "selu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Erf": "gelu",
    "Erfc": "gelu",
}

#: Ops whose last operand may be the right hand side of a system of equations.
SOLVES = frozenset({"MatrixTriangularSolve", "MatrixSolve", "MatrixSolveLs", "MatMul", "BatchMatMul", "BatchMatMulV2"})
#: Products of matrices, one for each row of a batch.
BATCHED_PRODUCTS = frozenset({"BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"})
#: Ops that combine data with a weight matrix, kernel or table.
WEIGHTED = frozenset(
    {
        "MatMul",
        "BatchMatMul",
        "BatchMatMulV2",
        "BatchMatMulV3",
        "Conv2D",
        "Conv3D",
        "DepthwiseConv2dNative",
        "Conv2DBackpropInput",
        "Conv3DBackpropInputV2",
        "Einsum",
        "ResourceGather",
        "GatherV2",
        "Conv",
        "XlaDot",
    }
)

#: Ops that run a whole graph: what is inside cannot be seen from outside.
CALLS = frozenset(
    {
        "PartitionedCall",
        "StatefulPartitionedCall",
        "While",
        "StatelessWhile",
        "If",
        "StatelessIf",
        "Case",
    }
)

#: Ops between a batch of sequences and the loop over time that is fed with it.
UNSTACKING = frozenset({"Identity", "Cast", "Transpose", "ReverseV2", "TensorListFromTensor"})

#: Ops whose result is a shape or a count: they carry no data and no weights.
SHAPES = frozenset({"Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike", "BroadcastGradientArgs", "Range"})

#: Inputs that say how an op works (axes, shapes, counts), by position: they carry no data either.
STRUCTURE: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("Sum", "Mean", "Max", "Min", "Prod", "All", "Any", "EuclideanNorm", "ArgMax", "ArgMin"), (1,)),
    **dict.fromkeys(("Reshape", "Transpose", "ExpandDims", "Tile", "BroadcastTo", "Pad", "PadV2", "MirrorPad"), (1,)),
    **dict.fromkeys(("Cumsum", "Cumprod", "ReverseV2", "TopKV2", "ResizeBilinear", "ResizeNearestNeighbor"), (1,)),
    **dict.fromkeys(("Fill", "Concat", "Split", "Conv2DBackpropInput", "Conv3DBackpropInputV2"), (0,)),
    **dict.fromkeys(("SplitV", "Slice", "Roll", "BatchToSpaceND", "SpaceToBatchND", "MatrixBandPart"), (1, 2)),
    **dict.fromkeys(("StridedSlice", "OneHot"), (1, 2, 3)),
    **dict.fromkeys(("GatherV2", "UnsortedSegmentSum", "ScatterNd", "InTopKV2"), (2,)),
    **dict.fromkeys(("Bincount", "DenseBincount", "Conv2DBackpropFilter", "TensorListStack"), (1,)),
    "ConcatV2": (-1,),
}

#: Ops that bring data into a graph whatever their inputs are.
SOURCES = frozenset(
    {
        "IteratorGetNext",
        "IteratorGetNextSync",
        "OptionalGetValue",
        "ReduceDataset",
        "QueueDequeueV2",
        "QueueDequeueManyV2",
        "QueueDequeueUpToV2",
    }
)

#: Ops that hand on what they are given, as far as values and units are concerned.
PASSING = frozenset(
    {
        "Identity",
        "IdentityN",
        "Reshape",
        "Cast",
        "Squeeze",
        "ExpandDims",
        "StopGradient",
        "PreventGradient",
        "EnsureShape",
        "CheckNumerics",
        "CheckNumericsV2",
        "Snapshot",
    }
)

#: Ops that are linear in what of the network they are given, if only one of their inputs is of it.
LINEAR = PASSING | {
    "BiasAdd", "Add", "AddV2", "AddN", "Sub", "Neg", "Mul", "RealDiv", "Select", "SelectV2", "Transpose", "ConcatV2",
    "Pad", "PadV2", "Mean", "Sum", "AvgPool", "AvgPool3D", "StridedSlice", "Slice", "Pack", "Unpack", "Split", "SplitV",
    "Tile", "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3",
}  # fmt: skip
#: Of these, the ones that add what they are given: that may all be of the network.
ADDING = frozenset({"BiasAdd", "Add", "AddV2", "AddN", "Sub", "ConcatV2", "Pack"})

#: Ops that add a bias, where one operand depends on variables alone.
ADDITIONS = frozenset({"BiasAdd", "BiasAddV1", "Add", "AddV2"})

#: Ops after which the scale of what came before no longer matters.
NORMALISING = frozenset({"FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3", "Rsqrt"})

#: Ops that pick rows by an index, which is not their first input.
PICKING = frozenset({"GatherV2", "Gather", "GatherNd", "ResourceGather", "StridedSlice", "Slice"})

CROSS_ENTROPIES = frozenset({"SparseSoftmaxCrossEntropyWithLogits", "SoftmaxCrossEntropyWithLogits"})

#: Logarithms, and what bounds their argument away from zero.
LOGARITHMS = frozenset({"Log", "Xlogy"})
BOUNDING = frozenset({"ClipByValue", "Maximum", "Minimum"})

DIVISIONS = frozenset({"RealDiv", "Div", "DivNoNan"})


_RANDOM = (
    "Random",
    "StatelessRandom",
    "StatefulStandardNormal",
    "StatefulUniform",
    "StatefulTruncated",
    "TruncatedNormal",
    "Multinomial",
    "StatelessTruncated",
    "StatelessParameterized",
    "ParameterizedTruncated",
)


def is_random(op: str) -> bool:
    """Whether an op draws random numbers."""
    return op.startswith(_RANDOM) and not op.startswith(("RandomShuffle", "RandomDataset"))
