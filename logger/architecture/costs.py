"""Tables of how many floating-point operations an element takes.

A comparison, a square root or a transcendental function of one element is one operation; a function that is
composed of others takes as many as its usual formula has; moving data takes none.
"""


def _each(cost: int, names: str) -> dict[str, int]:
    return dict.fromkeys(names.split(), cost)


ARITHMETIC = """
    Abs Absolute Add BitwiseAnd BitwiseInvert BitwiseNot BitwiseOr BitwiseXor Ceil Deg2rad
    Divide DivideNoNan Equal Fabs Floor FloorDivide Fmax Fmin Fmod Greater GreaterEqual
    Heaviside Isfinite Isinf Isnan Less LessEqual LogicalAnd LogicalNot LogicalOr LogicalXor
    Maximum Minimum Mod Multiply Negative NotEqual Outer Rad2deg ReLU Reciprocal Relu Round Sign
    Square Subtract Threshold TrueDivide Trunc Where
"""
FUNCTIONS = """
    Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh Cbrt Cos Cosh Erf Erfc Erfinv Exp Exp2
    Expm1 Log Log10 Log1p Log2 Power Sin Sinh Sqrt Tan Tanh
"""
PER_OUTPUT: dict[str, int] = {
    **_each(1, ARITHMETIC + FUNCTIONS),
    **_each(2, "Clip HardTanh LeakyRelu Relu6 Rsqrt"),
    **_each(3, "HardShrink SoftShrink Softplus Softsign"),
    **_each(4, "Elu HardSigmoid LogSigmoid Logaddexp Sigmoid TanhShrink"),
    **_each(5, "Celu Glu HardSilu Selu Silu Squareplus"),
    **_each(9, "Gelu"),
}
"""Per element of the output: a sigmoid is 1/(1 + exp(-x)), a GELU 0.5·x·(1 + tanh(0.8·(x + 0.045·x³)))."""

REDUCTIONS = """
    AdaptiveAveragePool AdaptiveMaxPool All Amax Amin Any Argmax Argmin CountNonzero Cumprod
    Cumsum Max Mean Min Prod Sum
"""
PER_INPUT: dict[str, int] = {
    **_each(1, REDUCTIONS),
    **_each(2, "Average BatchNorm Logsumexp Norm"),
    **_each(3, "Normalize"),
    **_each(4, "Moments RMSNorm Std Var"),
    **_each(5, "LogSoftmax Softmax"),
    **_each(8, "LayerNorm"),
}
"""Per element of the input.

A batch normalisation at inference is one scale and one shift; a softmax takes the maximum, a difference, the
exponential, a sum and a quotient; a layer normalisation the mean (1), the variance (3), and a difference, a
quotient, a scale and a shift.
"""

LAYOUT = """
    Arange Array ArraySplit BroadcastTo Cast Concatenate ConvertToTensor Copy CropImages
    DepthToSpace Diag Diagonal Dsplit Dstack EmptyLike ExpandDims ExtractPatches Flip Fliplr
    Flipud Fold Full FullLike GetItem Hsplit Hstack Imag Meshgrid Moveaxis MultiHot Ndim OneHot
    OnesLike Pad PadImages Ravel Real Rearrange Repeat Reshape Roll Rot90 SaturateCast
    ScatterUpdate Size Slice SliceUpdate SpaceToDepth Split Squeeze Stack StopGradient Swapaxes
    Take TakeAlongAxis Tile Transpose Tril Triu Unfold Unstack View Vsplit Vstack ZerosLike
"""
MOVING = frozenset(LAYOUT.split())
"""Operations that move data, or only look at its shape."""

INTERPOLATION = {"nearest": 0, "bilinear": 9}
"""Per element of a resized image: a linear interpolation is a difference, a product and a sum."""

LAYERS: dict[str, int] = {
    **_each(0, "CenterCrop CategoryEncoding Discretization RandomCrop"),
    **_each(2, "Normalization Rescaling"),
}
"""Layers of Keras that use operations of the backend itself, per element of the output."""
