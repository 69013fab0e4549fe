import { CancelledError, messageOf } from '../../common/errors';
import { anchorCsv } from '../../protocol/anchorCsv';
import type { LensImage } from '../lens/lensImage';
import type { ViewState } from '../lens/viewState';
import type { LossPrecision } from '../lossFollower';
import type { LensTransport } from '../transport/lensTransport';
import { fileName } from '../words/format';
import { download } from './download';
import { pictureFile } from './pictureFile';

export interface ExportSource {
  /** The image as analyzed, and as it is shown. */
  readonly base: LensImage;
  readonly shown: LensImage;
  readonly view: ViewState;
  /** How near the losses of `shown` are. */
  readonly precision: LossPrecision;
  readonly revision: number;
  /** What the stage shows, device pixels. */
  readonly stage: () => HTMLCanvasElement;
}

export type ExportKind = 'picture' | 'anchors' | 'report';

/** Saves what the lens shows: by its host where there is one, else as the browser's downloads. */
export class LensExporter {
  /** @param failed told in words why nothing was saved */
  constructor(
    private readonly transport: LensTransport,
    private readonly failed: (message: string) => void,
  ) {}

  async run(kind: ExportKind, source: ExportSource): Promise<void> {
    try {
      await this.save(kind, source);
    } catch (error) {
      if (!(error instanceof CancelledError)) this.failed(messageOf(error));
    }
  }

  private async save(kind: ExportKind, { base, shown, view, precision, revision, stage }: ExportSource): Promise<void> {
    const { hosted } = this.transport;
    const name = fileName(base.analysis.image.file).replace(/\.[^.]+$/, '');
    switch (kind) {
      case 'picture': {
        const png = await pictureFile(stage(), shown, { view, precision }, devicePixelRatio);
        if (hosted) await this.transport.request('savePicture', { revision, png: await png.arrayBuffer() });
        else download(`${name}-lens.png`, png);
        return;
      }
      case 'anchors':
        if (hosted) await this.transport.request('exportAnchors', { revision });
        else download(`${name}-anchors.csv`, new Blob([anchorCsv(base.analysis)], { type: 'text/csv' }));
        return;
      case 'report':
        await this.transport.request('exportReport', { revision });
    }
  }
}
