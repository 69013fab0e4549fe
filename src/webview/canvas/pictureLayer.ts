import { DisposableStore, toDisposable, type Disposable } from '../../common/disposables';
import type { Size, Viewport } from './viewport';

/** The picture itself, lowest on the stage. */
export class PictureLayer implements Disposable {
  readonly element = document.createElement('img');
  private readonly disposables = new DisposableStore();

  /** @param settled called when the picture has loaded, with its size, or when it cannot be shown */
  constructor(settled: (size: Size | undefined) => void) {
    const { element } = this;
    element.className = 'picture';
    element.alt = '';
    element.draggable = false;
    // So that the stage can be saved as a picture.
    element.crossOrigin = 'anonymous';
    const loaded = () => settled({ width: element.naturalWidth, height: element.naturalHeight });
    const failed = () => {
      // Without a source there is nothing to fail.
      if (element.hasAttribute('src')) settled(undefined);
    };
    element.addEventListener('load', loaded);
    element.addEventListener('error', failed);
    this.disposables.add(
      toDisposable(() => {
        element.removeEventListener('load', loaded);
        element.removeEventListener('error', failed);
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }

  setSource(uri: string | undefined): void {
    const { element } = this;
    if (uri === undefined) element.removeAttribute('src');
    else if (element.getAttribute('src') !== uri) element.src = uri;
    element.hidden = uri === undefined;
  }

  setSize({ width, height }: Size): void {
    this.element.width = width;
    this.element.height = height;
  }

  place({ scale, x, y }: Viewport): void {
    const { style } = this.element;
    style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    style.imageRendering = scale * devicePixelRatio >= 4 ? 'pixelated' : 'auto';
  }
}
