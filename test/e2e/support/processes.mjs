import { readdirSync, readFileSync } from 'node:fs';

/** Engines that run from this installation of the extension, by their process ids. */
export function engines(extension) {
  return readdirSync('/proc').filter(id => /^\d+$/.test(id) && commandLine(id).includes(`${extension}/dist/engine.js`));
}

function commandLine(id) {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
