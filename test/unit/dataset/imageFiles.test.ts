import { describe, expect, it } from 'vitest';
import { isImageFile } from '../../../src/dataset/imageFiles';

describe('isImageFile', () => {
  it('goes by the ending, whatever its case', () => {
    expect(['a.jpg', 'a.JPEG', 'b.c.Png', 'a.tif'].every(isImageFile)).toBe(true);
    expect(['a.xml', 'jpg', 'a.jpg.txt', '.png'].some(isImageFile)).toBe(false);
  });
});
