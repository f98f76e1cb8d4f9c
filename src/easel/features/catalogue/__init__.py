"""The catalogue: which models there are, what they take, and style presets. Running them is `generation`."""
