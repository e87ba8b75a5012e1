"""Which pictogram stands for which operation, variable or layer type.

They are drawn in ``js/graph/pictograms.js``.
"""

OPERATIONS = {
    "matmul": "matmul",
    "dot": "matmul",
    "einsum": "matmul",
    "conv": "conv",
    "conv2d": "conv",
    "convtranspose": "conv",
    "depthwiseconv": "conv",
    "separableconv": "conv",
    "add": "add",
    "subtract": "subtract",
    "multiply": "multiply",
    "truedivide": "divide",
    "divide": "divide",
    "relu": "relu",
    "leakyrelu": "relu",
    "elu": "relu",
    "selu": "relu",
    "gelu": "relu",
    "silu": "relu",
    "sigmoid": "sigmoid",
    "tanh": "sigmoid",
    "hardsigmoid": "sigmoid",
    "softsign": "sigmoid",
    "softmax": "softmax",
    "logsoftmax": "softmax",
    "batchnorm": "normalize",
    "layernorm": "normalize",
    "rmsnorm": "normalize",
    "maxpool": "pool",
    "averagepool": "pool",
    "mean": "reduce",
    "sum": "reduce",
    "max": "reduce",
    "reshape": "flatten",
    "transpose": "flatten",
    "squeeze": "flatten",
    "expanddims": "flatten",
    "concatenate": "concatenate",
    "take": "embedding",
    "embedding": "embedding",
    "dotproductattention": "matmul",
}

LAYERS = {
    "InputLayer": "input",
    "Dropout": "dropout",
    "SpatialDropout1D": "dropout",
    "SpatialDropout2D": "dropout",
    "GaussianDropout": "dropout",
    "GaussianNoise": "dropout",
    "AlphaDropout": "dropout",
    "Flatten": "flatten",
    "Reshape": "flatten",
    "Permute": "flatten",
    "ZeroPadding2D": "flatten",
    "Cropping2D": "flatten",
    "UpSampling2D": "flatten",
    "Add": "add",
    "Subtract": "subtract",
    "Multiply": "multiply",
    "Average": "add",
    "Concatenate": "concatenate",
    "Dot": "matmul",
    "Dense": "matmul",
    "Embedding": "embedding",
    "BatchNormalization": "normalize",
    "LayerNormalization": "normalize",
    "ReLU": "relu",
    "LeakyReLU": "relu",
    "Softmax": "softmax",
}

VARIABLES = {
    "kernel": "weights",
    "bias": "vector",
    "gamma": "vector",
    "beta": "vector",
    "embeddings": "embedding",
}

KINDS = {
    "input": ("InputLayer",),
    "convolution": ("Conv", "SeparableConv", "DepthwiseConv"),
    "pooling": ("MaxPooling", "AveragePooling", "GlobalMaxPooling", "GlobalAveragePooling"),
    "dense": ("Dense", "EinsumDense"),
    "normalisation": ("BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization"),
    "recurrent": ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM", "TimeDistributed"),
    "merge": ("Add", "Concatenate", "Multiply", "Subtract", "Average", "Maximum", "Minimum", "Dot"),
    "reshape": ("Flatten", "Reshape", "Permute", "Dropout", "SpatialDropout", "GaussianNoise", "ZeroPadding"),
    "attention": ("MultiHeadAttention", "Attention", "AdditiveAttention", "GroupQueryAttention"),
    "activation": ("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"),
}
"""Kinds of layers, for the small picture of a model's architecture: each kind has a colour and a height."""


def operation(type_: str) -> str:
    """Return the pictogram of an operation."""
    return OPERATIONS.get(type_.lower().replace("_", ""), "operation")


def layer(type_: str) -> str:
    """Return the pictogram of a layer whose inside is not drawn."""
    if type_ in LAYERS:
        return LAYERS[type_]
    by_kind = {"convolution": "conv", "pooling": "pool", "dense": "matmul", "merge": "add"}
    return by_kind.get(kind(type_), operation(type_))


def variable(name: str) -> str:
    """Return the pictogram of a variable."""
    return VARIABLES.get(name, "vector" if "bias" in name or "moving" in name else "weights")


def kind(type_: str) -> str:
    """Return the kind of a layer type."""
    return next((name for name, prefixes in KINDS.items() if type_.startswith(prefixes)), "other")
