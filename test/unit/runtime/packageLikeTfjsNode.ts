import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const resolve = createRequire(import.meta.url).resolve;

/**
 * Writes a package that is NOT TensorFlow's but behaves like `@tensorflow/tfjs-node` 4.22 at the module boundary: it is
 * found under its name, exports TensorFlow.js, makes a backend `tensorflow` the current one when it is loaded, calls the
 * two functions of `node:util` that Node 23 has removed in its kernels, and its pooling refuses explicit padding. It
 * computes in JavaScript (`@tensorflow/tfjs-backend-cpu`) instead of TensorFlow.
 *
 * @param folder gets `node_modules` with the package
 */
export async function writePackageLikeTfjsNode(
  folder: string,
  { name = '@tensorflow/tfjs-node', version = '4.22.0', main = kernels() } = {},
): Promise<string> {
  const root = join(folder, 'node_modules', name);
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(join(root, 'package.json'), JSON.stringify({ name, version, main: 'dist/index.js' }));
  await writeFile(join(root, 'dist', 'index.js'), main);
  return root;
}

function kernels(): string {
  const cpu = resolve('@tensorflow/tfjs-backend-cpu');
  const core = createRequire(cpu).resolve('@tensorflow/tfjs-core');
  return `'use strict';
const util_1 = require('util');
const tf = require(${JSON.stringify(core)});
const { MathBackendCPU } = require(${JSON.stringify(cpu)});

const checked = {
  // As createTensorsTypeOpAttr and getTFDTypeForInputs of tfjs-node 4.22, which every kernel calls.
  all({ inputs }) {
    const tensors = Object.values(inputs);
    if (util_1.isNullOrUndefined(tensors)) throw new Error('Invalid input tensors value.');
    if (!util_1.isArray(tensors)) throw new Error('expected an array');
  },
  MaxPool({ attrs }) {
    if (typeof attrs.pad === 'number' && attrs.pad !== 0) {
      throw new Error("TF Backend supports only 'valid' and 'same' padding while padding was EXPLICIT");
    }
  },
};
for (const kernel of tf.getKernelsForBackend('cpu')) {
  tf.registerKernel({
    ...kernel,
    backendName: 'tensorflow',
    kernelFunc(args) {
      checked.all(args);
      checked[kernel.kernelName]?.(args);
      return kernel.kernelFunc(args);
    },
  });
}
// Without the advice that this backend prints when it is first used.
tf.registerBackend('tensorflow', () => Object.assign(new MathBackendCPU(), { firstUse: false }), 3);
tf.setBackend('tensorflow');
for (const name of Object.keys(tf)) {
  Object.defineProperty(exports, name, { enumerable: true, get: () => tf[name] });
}
`;
}
