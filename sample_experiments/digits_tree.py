"""What the models on handwritten digits are called; whoever looks for them need not wait for Keras."""

NAMES = (
    "digits_dense",
    "digits_dense_relu",
    "digits_conv",
    "digits_conv_skip",
    "digits_conv_wide",
    "digits_merged",
)
