/** Every command that package.json contributes. */
export const commandIds = {
  analyzeImage: 'focalLens.analyzeImage',
  /** The same in the explorer's menu, where a title must name the extension. */
  analyzeSelection: 'focalLens.analyzeSelection',
  analyzeAgain: 'focalLens.analyzeAgain',
  analyzeDataset: 'focalLens.analyzeDataset',
  chooseDataset: 'focalLens.chooseDataset',
  nextImage: 'focalLens.nextImage',
  previousImage: 'focalLens.previousImage',
  showLabelInLens: 'focalLens.showLabelInLens',
  exportReport: 'focalLens.exportReport',
  chooseModel: 'focalLens.chooseModel',
  openSample: 'focalLens.openSample',
  showRuntime: 'focalLens.showRuntime',
  benchmarkRuntimes: 'focalLens.benchmarkRuntimes',
  installTensorFlow: 'focalLens.installTensorFlow',
  removeTensorFlow: 'focalLens.removeTensorFlow',
  restartEngine: 'focalLens.restartEngine',
  showLog: 'focalLens.showLog',
  openRow: 'focalLens.explorer.open',
  goToRowLabel: 'focalLens.explorer.goToLabel',
  loadMoreRows: 'focalLens.explorer.loadMore',
  /** Of label files; the first three take a number that a link or a lens was given. */
  analyzeLabelImage: 'focalLens.labelFiles.analyzeImage',
  openLabelInLens: 'focalLens.labelFiles.openInLens',
  goToLabel: 'focalLens.labelFiles.goToLabel',
  nextWorstLabel: 'focalLens.labelFiles.nextWorst',
  dismissProblem: 'focalLens.labelFiles.dismiss',
  toggleMarks: 'focalLens.labelFiles.toggleMarks',
} as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];
