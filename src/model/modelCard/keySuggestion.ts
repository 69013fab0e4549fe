/** torchvision's names of the same things (torchvision.models.detection.RetinaNet and others). */
const aliases = new Map([
  ['imagemean', 'mean'],
  ['imagestd', 'std'],
  ['sizes', 'anchorSizes'],
  ['ratios', 'aspectRatios'],
  ['scorethresh', 'scoreThreshold'],
  ['nmsthresh', 'nmsThreshold'],
  ['detectionsperimg', 'detectionsPerImage'],
  ['topkcandidates', 'topkPerLevel'],
  ['fgiouthresh', 'fgIou'],
  ['bgiouthresh', 'bgIou'],
  ['names', 'classes'],
  ['labels', 'classes'],
  ['categories', 'classes'],
  ['eps', 'batchNormEps'],
  ['losstype', 'boxLoss'],
]);

/** The known key that a misspelt one most likely means, if any is close. */
export function suggestKey(unknown: string, known: readonly string[]): string | undefined {
  const alias = aliases.get(normalise(unknown));
  return alias !== undefined && known.includes(alias) ? alias : closestKey(unknown, known);
}

/** Whether a key is known or a misspelling of a known one. */
export function resemblesKey(key: string, known: readonly string[]): boolean {
  return closestKey(key, known) !== undefined;
}

function closestKey(unknown: string, known: readonly string[]): string | undefined {
  const plain = normalise(unknown);
  const [best] = known
    .map(key => ({ key, distance: editDistance(plain, normalise(key)) }))
    .sort((a, b) => a.distance - b.distance);
  // A quarter of the letters may be wrong: two in minSizes, none in std.
  return best && best.distance <= Math.floor(best.key.length / 4) ? best.key : undefined;
}

function normalise(key: string): string {
  return key
    .slice(0, 100)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
