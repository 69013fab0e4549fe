import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelStore } from '../../src/engine/modelStore';
import { generateAnchors } from '../../src/model/anchors';
import { decodeAllBoxes, detect } from '../../src/model/detections';
import { decodeImage } from '../../src/model/image/decodeImage';
import { prepareImage } from '../../src/model/image/prepareImage';
import type { ForwardResult, ModelConfig, PreparedGeometry } from '../../src/model/types';
import type { ImageForward } from './types';

interface Header {
  readonly image: { readonly width: number; readonly height: number };
  readonly prepared: PreparedGeometry;
  readonly grids: ForwardResult['grids'];
  readonly logits: number;
}

/**
 * Forward passes of one model, kept on disk: every method and seed reads the same numbers, and a second run of the
 * benchmark starts at once. An entry counts while model, card and image are the same files of the same age and size.
 */
export class ForwardCache {
  private readonly models = new ModelStore();

  private constructor(
    private readonly checkpoint: string,
    private readonly folder: string,
  ) {}

  static async open(checkpoint: string): Promise<ForwardCache> {
    const folder = join(tmpdir(), 'focal-lens-bench-labels');
    await mkdir(folder, { recursive: true });
    return new ForwardCache(checkpoint, folder);
  }

  dispose(): Promise<void> {
    return this.models.dispose();
  }

  async load(file: string): Promise<ImageForward & { readonly config: ModelConfig }> {
    const model = await this.models.load({ checkpoint: this.checkpoint, runtime: 'cpu' });
    const { image, prepared, forward } = await this.forwardOf(file);
    const { config } = model;
    const anchors = generateAnchors(prepared.paddedHeight, prepared.paddedWidth, forward.grids, config, model.levels);
    const detections = detect(forward, anchors, prepared, image, config);
    const decoded = decodeAllBoxes(forward.deltas, anchors, prepared, image);
    return { file, image, prepared, forward, anchors, detections, decoded, config };
  }

  private async forwardOf(file: string): Promise<Pick<ImageForward, 'image' | 'prepared' | 'forward'>> {
    const entry = join(this.folder, `${await this.keyOf(file)}.f32`);
    const known = await readFile(entry).catch(() => undefined);
    if (known !== undefined) return unpack(known);
    const model = await this.models.load({ checkpoint: this.checkpoint, runtime: 'cpu' });
    const decoded = await decodeImage(file, { maxPixels: 1e8 });
    const { data, ...prepared } = prepareImage(decoded, model.config);
    const forward = await model.session.run(data, prepared.paddedHeight, prepared.paddedWidth);
    const { width, height } = decoded;
    const header: Header = { image: { width, height }, prepared, grids: forward.grids, logits: forward.logits.length };
    const bytes = pack(header, forward);
    await writeFile(`${entry}.${process.pid}`, bytes);
    await rename(`${entry}.${process.pid}`, entry);
    return unpack(bytes);
  }

  private async keyOf(file: string): Promise<string> {
    const hash = createHash('sha256');
    for (const path of [this.checkpoint, this.checkpoint.replace(/\.\w+$/, '.json'), file]) {
      const stats = await stat(path).catch(() => undefined);
      hash.update(`${path} ${stats?.size ?? 'none'} ${stats?.mtimeMs ?? ''}\n`);
    }
    return hash.digest('hex').slice(0, 32);
  }
}

/** Length of the header, the header as JSON, padding to a multiple of 4, logits, deltas. */
function pack(header: Header, { logits, deltas }: ForwardResult): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(4 + Math.ceil(text.length / 4) * 4, ' ');
  start.writeUInt32LE(start.length - 4);
  text.copy(start, 4);
  return Buffer.concat([start, floats(logits), floats(deltas)]);
}

function unpack(bytes: Buffer): Pick<ImageForward, 'image' | 'prepared' | 'forward'> {
  const start = 4 + bytes.readUInt32LE();
  const header = JSON.parse(bytes.toString('utf8', 4, start)) as Header;
  const values = new Float32Array(new Uint8Array(bytes.subarray(start)).buffer);
  const logits = values.slice(0, header.logits);
  const deltas = values.slice(header.logits);
  const { image, prepared, grids } = header;
  return { image, prepared, forward: { logits, deltas, grids } };
}

function floats(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
