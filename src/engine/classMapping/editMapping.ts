import { UserError } from '../../common/errors';
import { categoryMatcher, isPlaceholder } from '../../analysis/classMapping';
import { editCard, type CardChange } from '../../model/modelCard/editCard';
import { cardFileOf, loadModelConfig, modelConfigOf } from '../../model/modelCard';
import type { Architecture, ModelConfig } from '../../model/types';
import type { ClassChoice, ClassMappingEdit } from '../../protocol/classMapping';
import { architectureOf } from './architectureOf';

/**
 * A model card's text with a person's choices in it. Columns that nobody has named get the names of their classes; what
 * names and ids do not tell by themselves goes into `categories`, and what they tell is not said twice there.
 *
 * @throws UserError where the card, as it is or as it would be, is none for the weights
 */
export async function editClassMapping(request: ClassMappingEdit): Promise<{ card: string; text: string }> {
  const { model, choices, format } = request;
  const card = model.card ?? cardFileOf(model.checkpoint);
  const architecture = await architectureOf(model.checkpoint);
  const text = request.text.replace(/^\uFEFF/, '');
  const mark = request.text.slice(0, request.text.length - text.length);
  const config = await currentConfig(request, card, text, architecture);
  for (const choice of choices) checkChoice(choice, config, card);

  const named = config.classesNamed
    ? config
    : { ...config, classes: namedColumns(config, choices), classesNamed: true };
  const { categoryColumns, ...automatic } = named;
  const described = { format, labels: [], categories: choices.map(({ name, id }) => ({ name, id })) };
  const matchOf = categoryMatcher(described, automatic, []);
  const chosen = new Map(choices.map(choice => [choice.name, choice]));
  const entries: [string, string | number | null][] = [];
  // What the card says of other data sets stays, and everything keeps its place.
  for (const [name, column] of categoryColumns ?? []) {
    const choice = chosen.get(name);
    if (choice === undefined) entries.push([name, columnText(column, named.classes)]);
    else if (matchOf(choice).column !== choice.column) entries.push([name, columnText(choice.column, named.classes)]);
    chosen.delete(name);
  }
  for (const choice of chosen.values()) {
    if (matchOf(choice).column !== choice.column) entries.push([choice.name, columnText(choice.column, named.classes)]);
  }
  const change: CardChange = {
    ...(config.classesNamed ? {} : { classes: named.classes }),
    categories: entries.length === 0 ? null : entries,
  };
  const edited = editCard(text, change);
  requireChoices(modelConfigOf(card, edited, architecture), request, card);
  return { card, text: mark + edited };
}

function currentConfig(
  { model }: ClassMappingEdit,
  card: string,
  text: string,
  architecture: Architecture,
): ModelConfig | Promise<ModelConfig> {
  if (text.trim() !== '') return modelConfigOf(card, text, architecture);
  // Without a card: what the weights alone tell.
  return loadModelConfig(model.checkpoint, architecture).then(({ config }) => config);
}

function checkChoice({ name, column }: ClassChoice, { classes, classesNamed }: ModelConfig, where: string): void {
  const isColumn = Number.isInteger(column) && column >= 0 && column < classes.length;
  const isBackground = isColumn && (isPlaceholder(classes[column]) || (!classesNamed && column === 0));
  if (column === -1 || (isColumn && !isBackground)) return;
  throw new UserError(`class ${JSON.stringify(name.slice(0, 60))} was given column ${column}, which takes no class`, {
    where,
    remedy: 'choose another column',
  });
}

/** Names for numbered columns: of the first class chosen for each. */
function namedColumns({ classes }: ModelConfig, choices: readonly ClassChoice[]): string[] {
  const names = [...classes];
  for (const { name, column } of [...choices].reverse()) {
    if (column >= 0 && isCardName(name)) names[column] = name;
  }
  return names;
}

/** What the schema takes for the name of a class column, and what stands for a class. */
function isCardName(name: string): boolean {
  return name.length > 0 && name.length <= 200 && !isPlaceholder(name);
}

/** A column in the card: by its name where that is plain, else by its number. */
function columnText(column: number, classes: readonly string[]): string | number | null {
  if (column < 0) return null;
  const name = classes[column];
  return isPlaceholder(name) || classes.indexOf(name) !== column ? column : name;
}

/** The card must mean what was chosen, whatever it held before. */
function requireChoices(config: ModelConfig, { choices, format }: ClassMappingEdit, where: string): void {
  const categories = choices.map(({ name, id }) => ({ name, id }));
  const matchOf = categoryMatcher({ format, labels: [], categories }, config, []);
  const wrong = choices.find(choice => matchOf(choice).column !== choice.column);
  if (wrong === undefined) return;
  throw new UserError(`class ${JSON.stringify(wrong.name.slice(0, 60))} cannot be given column ${wrong.column}`, {
    where,
    remedy: 'edit the model card by hand',
  });
}
