import { Ajv, type ErrorObject } from 'ajv';
import schema from '../../../media/model-card.schema.json';
import { UserError } from '../../common/errors';
import type { ModelCard } from './card';
import type { JsonDocument } from './jsonDocument';
import { suggestKey } from './keySuggestion';

export const cardKeys: readonly string[] = Object.keys(schema.properties);

/**
 * Checks a card against the published schema.
 * @throws UserError naming file, line, key, what was found and what was expected
 */
export function validateCard(file: string, document: JsonDocument): ModelCard {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, verbose: true });
  const validate = ajv.compile<ModelCard>(schema);
  if (validate(document.value)) return document.value;
  const error = decisive(validate.errors ?? []);
  const path = error ? pathOf(error) : [];
  const key = keyOf(path);
  if (error?.keyword === 'additionalProperties') throw unknownKey(document, error, path);
  const expected = describeSchema(error?.parentSchema as SchemaNode | undefined);
  throw new UserError(`${key} must be ${expected}, found ${describeValue(error?.data)}`, {
    where: path.length === 0 ? file : document.where(path),
    remedy: `correct ${path.length === 0 ? 'the model card' : key}`,
  });
}

/** Alternatives report all their errors, then themselves: the outermost says what was expected. */
function decisive(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return errors.find(error => error.keyword === 'anyOf') ?? errors[0];
}

function unknownKey(document: JsonDocument, error: ErrorObject, path: (string | number)[]): UserError {
  const unknown = String((error.params as { additionalProperty?: unknown }).additionalProperty);
  const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
  const suggestion = suggestKey(unknown, known);
  const shown = JSON.stringify(unknown.slice(0, 60));
  return new UserError(`unknown key ${shown}${path.length > 0 ? ` in ${keyOf(path)}` : ''}`, {
    where: document.where([...path, unknown]),
    remedy: suggestion === undefined ? `known keys are ${known.join(', ')}` : `did you mean ${suggestion}?`,
  });
}

function pathOf({ instancePath }: ErrorObject): (string | number)[] {
  return instancePath
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map(part => (/^\d+$/.test(part) ? Number(part) : part));
}

/** `anchorSizes[0][2]` */
function keyOf(path: readonly (string | number)[]): string {
  return (
    path.reduce<string>(
      (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
      '',
    ) || 'the model card'
  );
}

interface SchemaNode {
  type?: string | string[];
  enum?: unknown[];
  anyOf?: SchemaNode[];
  $ref?: string;
  items?: SchemaNode;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
}

/** What a schema accepts, in words: `a number >= 1 and <= 8192`. */
export function describeSchema(node: SchemaNode | undefined, plural = false): string {
  if (!node) return 'valid';
  const target = node.$ref === undefined ? node : definition(node.$ref);
  if (target.anyOf) return target.anyOf.map(option => describeSchema(option, plural)).join(', or ');
  if (target.enum) return `${plural ? '' : 'one of '}${target.enum.map(value => JSON.stringify(value)).join(', ')}`;
  const types = Array.isArray(target.type) ? target.type : [target.type ?? 'value'];
  return types.map(type => describeType(type, target, plural)).join(' or ');
}

function describeType(type: string, node: SchemaNode, plural: boolean): string {
  const noun = (one: string, many: string) => (plural ? many : one);
  switch (type) {
    case 'number':
      return `${noun('a number', 'numbers')}${describeRange(node)}`;
    case 'integer':
      return `${noun('a whole number', 'whole numbers')}${describeRange(node)}`;
    case 'string':
      return noun(node.minLength === undefined ? 'a text' : 'a text that is not empty', 'texts that are not empty');
    case 'boolean':
      return 'true or false';
    case 'object':
      return noun('an object', 'objects');
    case 'array': {
      const { minItems, maxItems } = node;
      const count =
        minItems !== undefined && minItems === maxItems ? `${minItems} ` : (minItems ?? 0) > 0 ? 'one or more ' : '';
      return `${noun('a list', 'lists')} of ${count}${describeSchema(node.items, true)}`;
    }
    default:
      return type;
  }
}

function describeRange({ minimum, exclusiveMinimum, maximum }: SchemaNode): string {
  const bounds = [
    ...(minimum === undefined ? [] : [`>= ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`]),
    ...(maximum === undefined ? [] : [`<= ${maximum}`]),
  ];
  return bounds.length === 0 ? '' : ` ${bounds.join(' and ')}`;
}

function definition(reference: string): SchemaNode {
  const definitions: Record<string, SchemaNode> = schema.definitions;
  return definitions[reference.replace('#/definitions/', '')] ?? {};
}

function describeValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.length > 8) return `a list of ${value.length}`;
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
