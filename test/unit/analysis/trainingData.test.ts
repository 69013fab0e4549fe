import { describe, expect, it } from 'vitest';
import { trainingDatasetNotes } from '../../../src/analysis/trainingData';

const split = (name: string, imageCount: number) => ({ name, imageCount });

describe('the note of a data set for training', () => {
  it('quotes the splits whose names say so', () => {
    const labelFiles = ['/data/train/data.yaml'];
    expect(trainingDatasetNotes({ splits: [split('test', 72), split('train', 205)], labelFiles })[0]).toMatch(
      /^By its name, the split "train" \(205 images\) is for training, labels included: a model trained on them/,
    );
    expect(trainingDatasetNotes({ splits: [split('train', 1), split('trainval', 2)], labelFiles })[0]).toMatch(
      /^By their names, the splits "train" \(1 image\), "trainval" \(2 images\) are for training/,
    );
    expect(trainingDatasetNotes({ splits: [split('val', 3)], labelFiles })).toEqual([]);
  });

  it('quotes the part of the label file’s path where there are no splits', () => {
    const noted = (file: string) => trainingDatasetNotes({ splits: [], labelFiles: [file] }).join();
    expect(noted('/data/annotations/instances_train2017.json')).toMatch(/^By the name "instances_train2017\.json", /);
    expect(noted('/data/train/_annotations.coco.json')).toMatch(/^By the name "train", /);
    expect(noted('/training/data/annotations/instances_val2017.json')).toBe('');
    expect(noted('/data/labels.json')).toBe('');
  });
});
