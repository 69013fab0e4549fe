/** One sentence for every abbreviation and term the lens uses; shown on hover. */
export const glossary = {
  FL: 'Focal loss: cross entropy weighted by alpha and by (1 − p_t) to the power gamma, summed over the class columns of an anchor.',
  CE: 'Cross entropy: −log p_t, summed over the class columns of an anchor; focal loss with gamma 0 and no alpha.',
  p_t: 'The probability the model gives to what the labels say: of the target class for foreground, 1 − the largest class probability for background.',
  IoU: 'Intersection over union: the overlap of two boxes, 0 for none and 1 for identical ones.',
  gamma: 'Focusing parameter: the larger, the less easy anchors count.',
  alpha: 'Weight of foreground terms; background terms weigh 1 − alpha.',
  anchor: 'A reference box that the model classifies and moves; each cell of each pyramid level has several.',
  level: 'Pyramid level: P3 looks at the smallest objects on the finest grid, P7 at the largest on the coarsest.',
  stride: 'Distance between neighboring anchor centers of a level, in pixels of the network’s input.',
  foreground: 'Anchors assigned to a label: they should say its class.',
  background: 'Anchors that overlap no label enough: they should say nothing.',
  ignored:
    'Anchors that overlap a label too much for background and too little for foreground: they take no part in the loss.',
  easy: 'The model is right and sure: p_t at or above the upper threshold.',
  moderate: 'Between easy and hard.',
  hard: 'The model is wrong: p_t below the lower threshold.',
  classification:
    'Focal loss summed over all anchors, divided by the number of foreground anchors (at least 1), as torchvision reports it.',
  boxRegression:
    'Box loss summed over foreground anchors, divided by their number (at least 1), as torchvision reports it.',
  detection: 'A box the model reports after non-maximum suppression, with its score.',
  score: 'The probability the model gives to a detection’s class.',
  match:
    'What the detection is worth against the labels, in TIDE’s bins: IoU from 0.5 finds an object, up to 0.1 is background.',
  matched: 'Foreground anchors assigned to the label.',
  bestIou: 'The highest overlap of any anchor with the label.',
  meanPt: 'The mean p_t of the anchors assigned to the label.',
  raw: 'Summed over anchors, not divided by the number of foreground anchors.',
  logit: 'The model’s output before the sigmoid.',
  grid: 'Cells of the level, width × height; each holds the same anchors.',
  ofAll: 'Share of the image’s focal loss.',
  L1: 'L1 loss: the absolute differences between the four box offsets that the model gives and those that fit the label.',
  smoothL1: 'Smooth L1 loss: like L1, but quadratic for small differences.',
  GIoU: 'Generalized IoU loss: 1 − IoU, plus a penalty for boxes that lie apart.',
  ratio: 'Focal loss over cross entropy: how much of an anchor’s cross entropy the focal loss keeps.',
  FPN: 'Feature pyramid network: makes the levels P3 to P7 from the backbone’s stages; every level is searched for objects.',
  targetClass: 'What is wanted of the class: 1 for the one that the label asks for, else 0.',
} as const;

export type Term = keyof typeof glossary;
