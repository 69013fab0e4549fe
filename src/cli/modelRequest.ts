import type { ModelRequest } from '../protocol/modelRequest';
import type { ModelArguments } from './arguments';

/** The model that the command line names. */
export function modelRequest({ model, card, runtime, tensorFlow, crashed }: ModelArguments): ModelRequest {
  return {
    checkpoint: model,
    runtime,
    ...(card === undefined ? {} : { card }),
    ...(crashed === undefined ? {} : { crashed }),
    ...(tensorFlow === undefined ? {} : { tensorFlowFolders: [tensorFlow] }),
  };
}
