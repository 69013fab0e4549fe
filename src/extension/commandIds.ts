/** Every command that package.json contributes. */
export const commandIds = {
  analyzeImage: 'focalLens.analyzeImage',
  /** The same in the explorer's menu, where a title must name the extension. */
  analyzeSelection: 'focalLens.analyzeSelection',
  analyzeAgain: 'focalLens.analyzeAgain',
  nextImage: 'focalLens.nextImage',
  previousImage: 'focalLens.previousImage',
  showLabelInLens: 'focalLens.showLabelInLens',
  exportReport: 'focalLens.exportReport',
  chooseModel: 'focalLens.chooseModel',
  openSample: 'focalLens.openSample',
  restartEngine: 'focalLens.restartEngine',
  showLog: 'focalLens.showLog',
} as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];
