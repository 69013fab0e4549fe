import { termTable, type TermTable } from './termTable';

/** What a caller with many images keeps from one analysis to the next. No result refers to it. */
export class AnalysisScratch {
  private table: TermTable | undefined;

  /** The table of a gamma, the latest one kept. */
  termTable(gamma: number): TermTable {
    if (this.table?.gamma !== gamma) this.table = termTable(gamma);
    return this.table;
  }
}
