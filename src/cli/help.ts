import { defaultMaxPixels } from '../common/limits';
import { runtimeChoices } from '../common/runtimeChoice';
import { issueKinds } from '../protocol/analysis';

export const helpText = `Usage: focal-lens analyze IMAGE --model WEIGHTS [options]
       focal-lens analyze-dataset PATH --model WEIGHTS [options]
       focal-lens issues STORE [options]
       focal-lens convert PATH --to FORMAT --out FOLDER [options]
       focal-lens bench --model WEIGHTS [options]

Runs a torchvision RetinaNet on an image or a dataset and shows where its focal loss comes from.

analyze and analyze-dataset:
  --model, -m WEIGHTS    checkpoint: .pth, .pt or .safetensors
  --card CARD            model card (JSON); by default the .json file beside the checkpoint
  --runtime RUNTIME      ${runtimeChoices.join(', ')} (default: auto)
  --tensorflow FOLDER    a folder that you trust, with @tensorflow/tfjs-node or -gpu in its node_modules, for the
                         runtime tensorflow
  --max-pixels N         refuse images with more pixels (default: ${defaultMaxPixels})
  --json                 print one JSON document and nothing else

analyze:
  --labels PATH          COCO JSON, Pascal VOC XML, YOLO data.yaml or a folder; by default found from the image
  --anchors OUT.parquet  write one row per anchor; as CSV where OUT ends in .csv
  --report OUT.html      write a self-contained interactive report

analyze-dataset, of a COCO JSON file, a Pascal VOC folder, a YOLO data.yaml or a folder holding one of them:
  --format FORMAT        coco, yolo or voc: which of several datasets in one folder
  --store OUT.sqlite     where results go (default: a file of the dataset's own in .focal-lens/ in its folder)
  --resume               keep stored results of what has not changed; otherwise everything is computed anew
  --limit N              the first N images only
  --report OUT.html      write a self-contained interactive report of the images with the most loss

issues, suspicions about labels from the store of an analyzed dataset, the most likely first:
  --kind KIND            ${issueKinds.join(', ')}
  --limit N              at most N
  --json                 print one JSON document and nothing else

convert: see focal-lens convert --help
bench, every runtime of this machine on a model: see focal-lens bench --help

  --help, -h             print this help
  --version              print the version

Exit status: 0 done, 1 failed, 2 wrong usage.
`;
