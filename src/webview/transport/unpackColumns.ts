import { UserError } from '../../common/errors';
import { ungroupBytes } from '../../protocol/packedColumns';
import { decodeBase64 } from './base64';

/** The columns of a report's image, in a buffer of exactly their size. Throws a UserError where they are damaged. */
export async function unpackColumns(packed: string): Promise<ArrayBuffer> {
  if (!('DecompressionStream' in globalThis)) {
    throw new UserError('this browser cannot unpack the report', {
      remedy: 'open it in a newer one: Chrome or Edge 80, Firefox 113, Safari 16.4',
    });
  }
  try {
    const stream = new Blob([decodeBase64(packed)]).stream().pipeThrough(new DecompressionStream('gzip'));
    return ungroupBytes(new Uint8Array(await new Response(stream).arrayBuffer()));
  } catch (cause) {
    throw new UserError('the data of this image is damaged', { remedy: 'export the report again', cause });
  }
}
