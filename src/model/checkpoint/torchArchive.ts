import { UserError } from '../../common/errors';
import type { OpenedFile } from './openedFile';
import { PickleError } from './pickle/pickleError';
import { unpickle } from './pickle/unpickler';
import type { PickleValue } from './pickle/values';
import type { ByteSource } from './storedTensor';
import { torchPickleHost } from './torchGlobals';
import type { TorchStorage } from './torchValues';
import { ZipArchive } from './zipArchive';

/** Names, shapes and Python values only: a state dict's pickle is some hundred bytes per tensor. */
const maxPickleBytes = 64 * 2 ** 20;

/** What torch.save wrote: the pickled value, and the storages its tensors point to. */
export interface TorchArchive {
  readonly root: PickleValue;
  /** @throws UserError when the archive lacks the storage or holds fewer bytes than the pickle announces */
  storage(storage: TorchStorage): ByteSource;
}

/**
 * Opens the zip form that torch.save writes since 1.6: `<root>/data.pkl`, `<root>/data/<key>`, `<root>/byteorder`
 * (torch/serialization.py, `_save`). The root's name varies.
 */
export async function openTorchArchive(file: OpenedFile): Promise<TorchArchive> {
  const archive = await ZipArchive.open(file);
  const root = findRoot(file, archive);
  await checkByteOrder(file, archive.source(`${root}byteorder`));
  const pickle = archive.source(`${root}data.pkl`);
  if (!pickle) throw new UserError('the archive lost its data.pkl', { where: file.path });
  if (pickle.byteLength > maxPickleBytes) {
    throw new UserError(`its data.pkl has ${pickle.byteLength} bytes; at most ${maxPickleBytes} are read`, {
      where: file.path,
      remedy: "save only the tensors: torch.save(model.state_dict(), 'model.pth')",
    });
  }
  const bytes = new Uint8Array(pickle.byteLength);
  await pickle.readInto(bytes, 0);

  const sources = new Map<string, ByteSource>();
  return {
    root: readPickle(file, bytes),
    storage({ key, byteLength }) {
      const source = sources.get(key) ?? archive.source(`${root}data/${key}`);
      if (!source || source.byteLength < byteLength) {
        throw new UserError(
          source
            ? `storage ${key} has ${source.byteLength} bytes but its pickle announces ${byteLength}`
            : `storage ${key}, which its pickle announces, is missing from the archive`,
          { where: file.path, remedy: 'copy or download it again' },
        );
      }
      sources.set(key, source);
      return source;
    },
  };
}

function readPickle(file: OpenedFile, bytes: Uint8Array): PickleValue {
  try {
    return unpickle(bytes, torchPickleHost());
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    const place = error.offset === undefined ? '' : ` at byte ${error.offset}`;
    throw new UserError(`its pickle is refused${place}: ${error.what}`, {
      where: file.path,
      remedy: error.remedy ?? "save only the tensors: torch.save(model.state_dict(), 'model.pth')",
      cause: error,
    });
  }
}

/** The folder of `data.pkl`, with its slash; '' when it lies at the top. */
function findRoot(file: OpenedFile, archive: ZipArchive): string {
  let root: string | undefined;
  let other: 'TorchScript' | 'NumPy' | 'checkpoint' | undefined;
  for (const name of archive.names) {
    const match = /^(.*\/|)data\.pkl$/.exec(name);
    if (match?.[1] !== undefined && (root === undefined || match[1].length < root.length)) root = match[1];
    if (/(^|\/)constants\.pkl$|(^|\/)code\/__torch__/.test(name)) other = 'TorchScript';
    else if (name.endsWith('.npy')) other ??= 'NumPy';
    else if (/\.(pth|pt|safetensors)$/.test(name)) other ??= 'checkpoint';
  }
  if (other === 'TorchScript') {
    throw new UserError('is a TorchScript archive, which holds code; expected a state dict', {
      where: file.path,
      remedy: "save its tensors: torch.save(torch.jit.load('model.pt', 'cpu').state_dict(), 'model.pth')",
    });
  }
  if (root !== undefined) return root;
  throw new UserError(
    other === 'NumPy'
      ? 'is a NumPy archive, not a torch checkpoint'
      : other === 'checkpoint'
        ? 'is a zip archive around a checkpoint'
        : 'is a zip archive but not a torch checkpoint: it holds no data.pkl',
    {
      where: file.path,
      remedy:
        other === 'checkpoint'
          ? 'unpack it and choose the checkpoint inside'
          : "choose a file written by torch.save(model.state_dict(), 'model.pth')",
    },
  );
}

async function checkByteOrder(file: OpenedFile, source: ByteSource | undefined): Promise<void> {
  if (!source) return; // not written before torch 2.1
  const bytes = new Uint8Array(Math.min(source.byteLength, 16));
  await source.readInto(bytes, 0);
  const order = new TextDecoder('latin1').decode(bytes).trim();
  if (order === 'little') return;
  throw new UserError(
    order === 'big'
      ? 'was written on a big-endian machine'
      : `its byteorder entry says ${JSON.stringify(order)}; expected "little"`,
    { where: file.path, remedy: 'load it with torch on a little-endian machine and save it again' },
  );
}
