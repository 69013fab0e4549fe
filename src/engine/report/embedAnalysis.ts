import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Analysis } from '../../protocol/analysis';
import type { EmbeddedAnalysis } from '../../protocol/messages';
import { groupBytes } from '../../protocol/packedColumns';
import { withPortablePaths } from './portablePaths';

const compress = promisify(gzip);

/**
 * An analysis as a report holds it: paths that tell nothing of this machine, and columns in a good half of their size.
 *
 * @param imageUri a data URI
 */
export async function embedAnalysis(title: string, imageUri: string, analysis: Analysis): Promise<EmbeddedAnalysis> {
  const packed = await compress(groupBytes(analysis.columns));
  return { title, imageUri, analysis: { ...withPortablePaths(analysis), columns: packed.toString('base64') } };
}
