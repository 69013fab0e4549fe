"""A small torchvision RetinaNet: model, data, measurement."""
