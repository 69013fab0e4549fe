import type { OverviewPart } from '../../protocol/overview';

/** What the user has done to the page. */
export interface OverviewView {
  /** Names of the sections that were opened or closed. */
  readonly toggled: readonly string[];
  readonly allClasses: boolean;
}

/** What the page can do. */
export interface OverviewActions {
  filter(part: OverviewPart, value: string | undefined): void;
  toggle(section: string): void;
  showAllClasses(all: boolean): void;
  analyze(): void;
  cancel(): void;
}
