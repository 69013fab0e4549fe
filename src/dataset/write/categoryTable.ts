import type { DatasetCategory } from '../dataset';
import type { Label } from '../labels';

/** A category of the data set that is written. */
export interface WrittenCategory {
  readonly name: string;
  /** 0-based, in the order of the data set read. */
  readonly index: number;
}

/** The categories of a data set in order, and those that its labels use without its stating them, after these. */
export class CategoryTable {
  private readonly all: { name: string; index: number }[] = [];
  private readonly byId = new Map<number, WrittenCategory>();
  private readonly byName = new Map<string, WrittenCategory>();

  /** @param keepIds whether ids are class indices that stay as they are, gaps included */
  constructor(categories: readonly DatasetCategory[], keepIds: boolean) {
    for (const { name, id } of categories) this.add(name, id, keepIds ? id : undefined);
  }

  get categories(): readonly WrittenCategory[] {
    return this.all;
  }

  of({ category, categoryId }: Pick<Label, 'category' | 'categoryId'>): WrittenCategory {
    const known = categoryId === undefined ? this.byName.get(category) : this.byId.get(categoryId);
    return known ?? this.add(category, categoryId, undefined);
  }

  private add(name: string, id: number | undefined, index: number | undefined): WrittenCategory {
    const next = this.all.reduce((largest, category) => Math.max(largest, category.index), -1) + 1;
    const category = { name, index: index ?? next };
    this.all.push(category);
    if (id !== undefined) this.byId.set(id, category);
    if (!this.byName.has(name)) this.byName.set(name, category);
    return category;
  }
}
