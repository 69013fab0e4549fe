// outputsWorker MODEL FOLDER RUNTIME OUTPUTS PROFILE: runs scene.png through the network once and prints as JSON the
// largest differences to the logits and deltas in OUTPUTS, which torch_worker.py wrote; then runs it again while ONNX
// Runtime measures its operations, and prints their milliseconds by the operation's name, most first.
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runtimeChoices } from '../src/common/runtimeChoice';
import { decodeAndPrepare, readImage } from '../src/engine/imageSteps';
import { ModelStore } from '../src/engine/modelStore';
import { inferArchitecture } from '../src/model/architecture';
import { openCheckpoint } from '../src/model/checkpoint/checkpoint';
import { buildNetwork } from '../src/model/network/buildNetwork';
import { openOnnxSession } from '../src/model/runtime/onnx/openOnnxSession';
import { allProviders } from '../src/model/runtime/providers';
import type { ForwardResult, ModelConfig, PreparedImage } from '../src/model/types';

const [kind, folder, choice, outputs, profile] = process.argv.slice(2);
const checkpointFile = `${folder}/${kind}.pth`;
const maxPixels = 1e8;

async function run(): Promise<void> {
  const runtime = runtimeChoices.find(known => known === choice) ?? 'cpu';
  const models = new ModelStore();
  const { config, session } = await models.load({ checkpoint: checkpointFile, runtime });
  const { prepared } = await decodeAndPrepare(await readImage(`${folder}/scene.png`, maxPixels), maxPixels, config);
  const found = await session.run(prepared.data, prepared.paddedHeight, prepared.paddedWidth);
  await models.dispose();
  const differences = await differencesTo(found);
  process.stdout.write(`${JSON.stringify({ ...differences, operations: await operations(config, prepared) })}\n`);
}

async function differencesTo({ logits, deltas }: ForwardResult): Promise<{ logits: number; deltas: number }> {
  const { buffer, byteOffset, byteLength } = await readFile(outputs);
  const expected = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  if (expected.length !== logits.length + deltas.length) {
    throw new Error(`${outputs}: found ${expected.length} values, expected ${logits.length + deltas.length}`);
  }
  const largest = (values: Float32Array, start: number) =>
    values.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[start + index])), 0);
  return { logits: largest(logits, 0), deltas: largest(deltas, logits.length) };
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly ts: number;
  readonly args?: { readonly op_name?: string; readonly provider?: string };
}

/** Of the second of two passes. On a GPU it is what the provider tells: it may be the time of handing work over. */
async function operations(config: ModelConfig, image: PreparedImage) {
  const provider = allProviders.find(known => known.choice === choice);
  if (provider?.runtime !== 'ONNX Runtime') return [];
  const checkpoint = await openCheckpoint(checkpointFile);
  const network = await buildNetwork(checkpoint, inferArchitecture(checkpoint), config);
  await checkpoint.close();
  const { name: executionProvider, label } = provider;
  const session = await openOnnxSession(network, { executionProvider, label, profile });
  for (let pass = 0; pass < 2; pass++) await session.run(image.data, image.paddedHeight, image.paddedWidth);
  await session.dispose();
  const files = (await readdir(dirname(profile))).filter(name => name.startsWith(basename(profile)));
  const file = join(dirname(profile), files.sort().at(-1) ?? '');
  const events = JSON.parse(await readFile(file, 'utf8')) as ProfileEvent[];
  await rm(file);
  const runs = events.filter(({ name }) => name === 'model_run');
  const [last] = runs.sort((a, b) => b.ts - a.ts);
  const sums = new Map<string, number>();
  for (const { cat, args, ts, dur } of events) {
    if (cat !== 'Node' || args?.op_name === undefined || last === undefined || ts < last.ts) continue;
    const name = `${args.op_name} (${(args.provider ?? '').replace('ExecutionProvider', '')})`;
    sums.set(name, (sums.get(name) ?? 0) + dur / 1000);
  }
  return [...sums].sort(([, a], [, b]) => b - a).map(([name, milliseconds]) => ({ name, milliseconds }));
}

void run();
