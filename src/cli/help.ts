import { defaultMaxPixels } from '../common/limits';
import { runtimeChoices } from '../common/runtimeChoice';

export const helpText = `Usage: focal-lens analyze IMAGE --model WEIGHTS [options]

Runs a torchvision RetinaNet on an image and shows where its focal loss comes from.

  --model, -m WEIGHTS    checkpoint: .pth, .pt or .safetensors
  --card CARD            model card (JSON); by default the .json file beside the checkpoint
  --labels PATH          COCO JSON, Pascal VOC XML, YOLO data.yaml or a folder; by default found from the image
  --runtime RUNTIME      ${runtimeChoices.join(', ')} (default: auto)
  --max-pixels N         refuse images with more pixels (default: ${defaultMaxPixels})
  --json                 print one JSON document and nothing else
  --anchors OUT.parquet  write one row per anchor
  --report OUT.html      write a self-contained interactive report
  --help, -h             print this help
  --version              print the version

Exit status: 0 done, 1 failed, 2 wrong usage.
`;
