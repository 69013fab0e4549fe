import { describeCases } from './describeCases';

// Group norm, the shapes of all blocks, and all images that the small network has: torchvision's numbers again.
describeCases('resnet18', 'present', 'wasm');
describeCases('resnet50-v2', 'present', 'wasm');
