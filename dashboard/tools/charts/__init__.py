"""What tools draw with: traces, and the figures around them, as plain values of Plotly."""
