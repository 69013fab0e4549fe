// The README as it goes into a package, where it stands without the repository around it.
import { posix } from 'node:path';
import { minimatch } from 'minimatch';

/** Links and pictures to files, `[text](target)` and `![text](target)`, none of other pages or of this one's parts. */
const relativeLink = /(!?)\[([^\]]*)\]\((?!\w+:|#|\/)([^)\s]+)\)/g;

/** Files that a text links to, relative to it, without the part of a page that may follow. */
export function linkedFiles(text) {
  return [...text.matchAll(relativeLink)].map(([, , , target]) => posix.normalize(target.replace(/#.*$/, '')));
}

/**
 * Keeps links to files that are packed. Of others only their words stay; pictures go, for VS Code shows none from inside
 * a package.
 *
 * @param {string} text
 * @param {(file: string) => boolean} isPacked
 */
export function packedReadme(text, isPacked) {
  const kept = text.replaceAll(relativeLink, (link, picture, words, target) => {
    if (picture !== '') return '';
    return isPacked(posix.normalize(target.replace(/#.*$/, ''))) ? link : words;
  });
  return kept.replaceAll(/\n{3,}/g, '\n\n');
}

/** What a .vscodeignore that excludes everything (`**`) lets through again (`!pattern`). */
export function packedBy(ignore) {
  const patterns = ignore.split('\n').flatMap(line => (line.startsWith('!') ? [line.slice(1).trim()] : []));
  return file => patterns.some(pattern => minimatch(file, pattern, { dot: true }));
}
