import type { DatasetClassMapping, MatchedBy } from '../../protocol/classMapping';

export const formatNames: Readonly<Record<DatasetClassMapping['format'], string>> = {
  coco: 'COCO JSON',
  voc: 'Pascal VOC',
  yolo: 'YOLO',
};

export function matchText(by: MatchedBy, column: number): string {
  switch (by) {
    case 'card':
      return column < 0 ? 'left out on purpose' : 'your choice';
    case 'name':
      return 'same name';
    case 'similarName':
      return 'same name but for case';
    case 'id':
      return 'category id';
    case 'order':
      return 'order only';
    case 'none':
      return 'nothing matches';
    default:
      return by satisfies never;
  }
}

export function countText(count: number): string {
  return count.toLocaleString('en');
}

export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
