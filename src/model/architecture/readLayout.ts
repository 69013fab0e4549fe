import type { Checkpoint } from '../types';
import { refuseForeignModels } from './foreignModels';
import { readBody } from './readBody';
import { readHead } from './readHead';
import { readPyramid } from './readPyramid';
import type { RetinaNetLayout } from './retinaNetLayout';
import { TensorClaims } from './tensorClaims';

/**
 * Finds the parts of a torchvision RetinaNet in a checkpoint by names and shapes alone.
 *
 * @throws UserError naming the tensor that is missing, unknown or of the wrong shape, and what was expected
 */
export function readLayout(checkpoint: Checkpoint): RetinaNetLayout {
  refuseForeignModels(checkpoint);
  const claims = new TensorClaims(checkpoint);
  const body = readBody(claims);
  const pyramid = readPyramid(claims, body);
  const head = readHead(claims, pyramid.channels);
  claims.finish();
  return { body, pyramid, ...head };
}
