import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Analysis } from '../../protocol/analysis';

/**
 * The analysis with its files named relative to the image's folder, or by their names alone where that would climb
 * out of the data set: a report is passed on, and tells nobody where things lie on the machine it was made on.
 */
export function withPortablePaths(analysis: Analysis): Analysis {
  const folder = dirname(resolve(analysis.image.file));
  const portable = (file: string) => portablePath(folder, file);
  const { image, model, labelFile, labels, notes } = analysis;
  const files = [image.file, model.file, ...(labelFile?.files ?? [])];
  // Longest first: one path may begin like another.
  const mentioned = [...new Set(files.flatMap(file => [resolve(file), file]))].sort((a, b) => b.length - a.length);
  const reworded = (text: string) =>
    mentioned.reduce((words, file) => (isAbsolute(file) ? words.replaceAll(file, portable(file)) : words), text);
  return {
    ...analysis,
    image: { ...image, file: basename(image.file) },
    model: { ...model, file: basename(model.file), notes: model.notes.map(reworded) },
    labelFile: labelFile && {
      ...labelFile,
      files: labelFile.files.map(portable),
      problems: labelFile.problems.map(reworded),
    },
    labels: labels.map(label =>
      label.source === undefined ? label : { ...label, source: { ...label.source, file: portable(label.source.file) } },
    ),
    notes: notes.map(reworded),
  };
}

/** At most one folder up, as `../Annotations/a.xml` from `JPEGImages`, and always with `/`. */
function portablePath(folder: string, file: string): string {
  const parts = relative(folder, resolve(file)).split(sep);
  const climbs = parts.filter(part => part === '..').length;
  return isAbsolute(parts.join(sep)) || climbs > 1 ? basename(file) : parts.join('/');
}
