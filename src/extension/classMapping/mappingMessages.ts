import type { Guards } from '../../common/messageHandler';
import type { MappingPageMethods } from '../../protocol/classMapping';

const mostChoices = 100_000;

/** Checks of what the editor's page asks: it shows names of data sets and is not trusted. Columns the engine checks. */
export const mappingGuards: Guards<MappingPageMethods> = {
  getMapping: isNothing,
  saveMapping: (params): params is MappingPageMethods['saveMapping']['params'] =>
    isRecord(params) &&
    Array.isArray(params.choices) &&
    params.choices.length <= mostChoices &&
    params.choices.every(isChoice),
  openCard: isNothing,
  analyzeDataset: isNothing,
};

function isChoice(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, id, column } = value;
  return typeof name === 'string' && (id === undefined || typeof id === 'number') && Number.isSafeInteger(column);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

// undefined becomes null on some channels.
function isNothing(params: unknown): params is undefined {
  return params === undefined || params === null;
}
