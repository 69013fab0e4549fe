import type { Handlers } from '../../common/messageHandler';
import type { ClassMappingMethods } from '../../protocol/classMapping';
import { editClassMapping } from './editMapping';
import { readClassMapping } from './readMapping';

/** Answers to requests about classes. */
export const classMappingHandlers: Handlers<ClassMappingMethods> = {
  classMapping: (request, { signal }) => readClassMapping(request, signal),
  editClassMapping: request => editClassMapping(request),
};
