import { UserError } from '../../common/errors';

const maxNameLength = 1000;

/** Segments that torch's wrappers insert anywhere: torch.compile, FSDP, activation checkpointing. */
const wrapperSegments = /(^|\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\./g;

/** Prefixes of DistributedDataParallel, Lightning modules and the like. */
const usualPrefixes = ['module.', 'model.'];

/** Prefixes of a moving average kept beside the weights. */
const averagePrefix = /^(ema|model_ema|ema_model|_?averaged_model|teacher)\./;

/**
 * Names without what wrappers put before them: `module.`, `model.`, `_orig_mod.`, in any order and number, when
 * most names carry them, and any other prefix that all share before `backbone.` and `head.`.
 * @returns stripped name to original value, and notes about what a user may not expect
 * @throws UserError when two names become equal
 */
export function stripPrefixes<T>(
  file: string,
  tensors: ReadonlyMap<string, T>,
): { tensors: Map<string, T>; notes: string[] } {
  const notes: string[] = [];
  for (const name of tensors.keys()) {
    if (name.length > maxNameLength) {
      throw new UserError(`a tensor's name has ${name.length} characters; at most ${maxNameLength} are read`, {
        where: file,
        remedy: 'choose the checkpoint of a torchvision RetinaNet',
      });
    }
  }
  let entries = [...tensors].map(([name, value]) => ({
    original: name,
    name: name.replace(wrapperSegments, '$1'),
    value,
  }));

  const averages = entries.filter(({ name }) => averagePrefix.test(name));
  if (averages.length > 0 && averages.length < entries.length) {
    entries = entries.filter(({ name }) => !averagePrefix.test(name));
    notes.push(`${averages.length} tensors of a moving average (${averages[0]?.original ?? ''}, ...) are ignored.`);
  }

  for (let prefix = commonPrefix(entries); prefix !== undefined; prefix = commonPrefix(entries)) {
    const { length } = prefix;
    const found: string = prefix;
    const rest = entries.filter(({ name }) => !name.startsWith(found));
    // The step counter of torch.optim.swa_utils.AveragedModel stands beside the module.
    entries = entries.filter(({ name }) => name !== 'n_averaged');
    if (rest.some(({ name }) => name !== 'n_averaged')) {
      notes.push(
        `The prefix ${found} was removed from ${entries.length - rest.length} of ${entries.length} tensor names.`,
      );
    } else if (!usualPrefixes.includes(found) && !averagePrefix.test(found)) {
      notes.push(`The prefix ${found} was removed from all tensor names.`);
    }
    entries = entries.map(entry =>
      entry.name.startsWith(found) ? { ...entry, name: entry.name.slice(length) } : entry,
    );
  }

  const stripped = new Map<string, T>();
  const originals = new Map<string, string>();
  for (const { name, original, value } of entries) {
    if (stripped.has(name)) {
      throw new UserError(`tensors ${originals.get(name) ?? ''} and ${original} both mean ${name}`, {
        where: file,
        remedy: "save one model: torch.save(model.state_dict(), 'model.pth')",
      });
    }
    stripped.set(name, value);
    originals.set(name, original);
  }
  return { tensors: stripped, notes };
}

/** The next prefix to remove, with its dot. */
function commonPrefix(entries: readonly { name: string }[]): string | undefined {
  const usual = usualPrefixes.find(
    prefix => entries.filter(({ name }) => name.startsWith(prefix)).length * 2 > entries.length,
  );
  if (usual !== undefined) return usual;
  const first = /^[^.]+\./.exec(entries[0]?.name ?? '')?.[0];
  if (first === undefined || !entries.every(({ name }) => name.startsWith(first))) return undefined;
  // Only where a RetinaNet comes to light: an unknown model keeps the names its owner knows.
  const after = (part: string) => entries.some(({ name }) => wrapped(name).includes(`.${part}.`));
  const wrapped = (name: string) => name.slice(first.length - 1);
  return first !== 'backbone.' && first !== 'head.' && after('backbone') && after('head') ? first : undefined;
}
