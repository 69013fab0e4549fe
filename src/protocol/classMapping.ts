/** How the classes of a data set meet the class columns of a model, and what a person says of it. */
import type { ModelRequest } from './modelRequest';

/**
 * Where a category's class column comes from: the model card's `categories`, its name, its name but for case and space,
 * its category id, its place in the order; none where the model has no column for it.
 */
export type MatchedBy = 'card' | 'name' | 'similarName' | 'id' | 'order' | 'none';

export interface MappedCategory {
  readonly name: string;
  /** COCO's category id, YOLO's class index. */
  readonly id: number | undefined;
  /** Labels of the class among those counted. */
  readonly labels: number;
  /** Class column, -1 for none. */
  readonly column: number;
  readonly by: MatchedBy;
  /** What it would be without the card's `categories`. */
  readonly automatic: { readonly column: number; readonly by: MatchedBy };
}

export interface ClassColumn {
  readonly name: string;
  /** Background or a gap: no category belongs there. */
  readonly isPlaceholder: boolean;
}

export interface ClassMappingRequest {
  readonly model: Pick<ModelRequest, 'checkpoint' | 'card'>;
  readonly dataset: string;
  /** Of several data sets in one folder, the one of this format. */
  readonly format?: DatasetClassMapping['format'];
}

export interface DatasetClassMapping {
  readonly dataset: string;
  readonly format: 'coco' | 'voc' | 'yolo';
  readonly checkpoint: string;
  /** Where the model card is, or would be written. */
  readonly card: string;
  readonly hasCard: boolean;
  /** Whether somebody has named the columns; else they are numbered, and saving names them. */
  readonly classesNamed: boolean;
  readonly columns: readonly ClassColumn[];
  /** In the data set's order; then what only labels mention. */
  readonly categories: readonly MappedCategory[];
  /** Images whose labels were counted, of all. */
  readonly counted: { readonly images: number; readonly of: number };
  readonly notes: readonly string[];
}

/** A person's word on a category: its class column, -1 for none. */
export interface ClassChoice {
  readonly name: string;
  readonly id: number | undefined;
  readonly column: number;
}

export interface ClassMappingEdit extends ClassMappingRequest {
  readonly format: DatasetClassMapping['format'];
  /** The card as it is; empty where there is none. */
  readonly text: string;
  readonly choices: readonly ClassChoice[];
}

export interface ClassMappingMethods {
  /** Reads data set and weights, not the images. */
  classMapping: { params: ClassMappingRequest; result: DatasetClassMapping };
  /** The card's text with the choices in it, valid for the weights; nothing is written. */
  editClassMapping: { params: ClassMappingEdit; result: { readonly card: string; readonly text: string } };
}

/** Requests of the mapping editor's page. */
export interface MappingPageMethods {
  getMapping: { params: undefined; result: DatasetClassMapping };
  /** Writes the card and tells the mapping that it makes. */
  saveMapping: { params: { readonly choices: readonly ClassChoice[] }; result: DatasetClassMapping };
  openCard: { params: undefined; result: null };
  analyzeDataset: { params: undefined; result: null };
}

export interface MappingPageSide {
  methods: MappingPageMethods;
  events: { mappingChanged: undefined };
}
