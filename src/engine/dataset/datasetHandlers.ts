import type { Handlers } from '../../common/messageHandler';
import type { DatasetMethods } from '../../protocol/datasetMethods';
import type { DatasetDesk } from './datasetDesk';

/** Answers to requests about data sets. */
export function datasetHandlers(desk: DatasetDesk): Handlers<DatasetMethods> {
  return {
    analyzeDataset: (request, { signal, progress }) => desk.analyze(request, { signal, onProgress: progress }),
    datasetOverview: params => desk.query('datasetOverview', params),
    storedLabels: params => desk.query('storedLabels', params),
    storedImages: params => desk.query('storedImages', params),
    failedImages: params => desk.query('failedImages', params),
    storedIssues: params => desk.query('storedIssues', params),
    issueCounts: params => desk.query('issueCounts', params),
    issuesOfImages: params => desk.query('issuesOfImages', params),
    storedPlaces: params => desk.query('storedPlaces', params),
    storedImage: params => desk.query('storedImage', params),
    labelStanding: params => desk.query('labelStanding', params),
    storedFacts: params => desk.query('storedFacts', params),
    nextWorst: params => desk.query('nextWorst', params),
    notableImages: params => desk.query('notableImages', params),
    gallerySections: params => desk.query('gallerySections', params),
    galleryRows: params => desk.query('galleryRows', params),
  };
}
