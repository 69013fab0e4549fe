import * as vscode from 'vscode';
import type { LabelAnalyses } from './labelAnalyses';
import type { CocoDocuments } from './cocoDocuments';
import { labelHover, staleHover, unknownHover } from './hoverText';
import type { HoverPictures } from './hoverPictures';
import type { PicturedLabel } from './labelCrops';
import type { LabelDocuments } from './labelDocuments';
import type { WrittenLabel } from './labelDocument';
import type { LabelFactsSource } from './labelFacts';
import { readLabelFileSettings } from './labelFileSettings';
import type { LabelFormats } from './labelFormats';
import type { LabelLinks } from './labelLinks';
import { labelPlace } from './labelPlaces';
import type { LabelProblems } from './labelProblems';

const { t } = vscode.l10n;

export interface LabelHoverParts {
  readonly facts: LabelFactsSource;
  readonly documents: LabelDocuments;
  readonly coco: CocoDocuments;
  readonly formats: LabelFormats;
  readonly pictures: HoverPictures<PicturedLabel>;
  readonly links: LabelLinks;
  readonly analyses: LabelAnalyses;
  readonly problems: LabelProblems;
}

/** What is shown when the pointer rests on a label in a label file. */
export class LabelHovers implements vscode.HoverProvider {
  constructor(private readonly parts: LabelHoverParts) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const settings = readLabelFileSettings(document.uri);
    if (!settings.hover || !vscode.workspace.isTrusted) return undefined;
    const isKnown = this.parts.facts.imagesOf(document.uri.fsPath).length > 0;
    const labels =
      this.parts.documents.get(document) ?? (isKnown ? await this.parts.documents.settled(document) : undefined);
    let written = labels?.at(document.offsetAt(position));
    if (settings.analyzeOnHover && written?.isFresh === true && written.image.analysisId === undefined) {
      // Read from the data set's store: the picture's heatmap takes an analysis of its own.
      await this.parts.analyses.analyzeQuietly(vscode.Uri.file(written.image.image.file), token);
      written = labels?.at(document.offsetAt(position)) ?? written;
    }
    if (labels !== undefined && written !== undefined) {
      return this.hover(labels.vscodeRange(written.range), await this.about(written, document, position));
    }
    const format = await this.parts.formats.of(document);
    if (format === undefined || token.isCancellationRequested) return undefined;
    const place = await labelPlace(document, format, position, this.parts.coco);
    if (place?.image === undefined || token.isCancellationRequested) return undefined;
    this.parts.pictures.turnTo(place.image);
    const { start, end } = place.range;
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    const analyze = [this.parts.links.analyze(place.image)];
    // An image whose labels are known but not this one: it was added since.
    if (this.parts.facts.imageAt(place.image) !== undefined) return this.hover(range, staleHover(analyze, t));
    if (settings.analyzeOnHover) {
      const image = vscode.Uri.file(place.image);
      await this.parts.analyses.analyzeQuietly(image, token);
      const found = this.parts.documents.get(document)?.at(start);
      if (found !== undefined && !token.isCancellationRequested) {
        return this.hover(range, await this.about(found, document, position));
      }
    }
    return this.hover(range, unknownHover(place.category, analyze, t));
  }

  private async about(
    written: WrittenLabel,
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<string> {
    const { links, facts, pictures, problems } = this.parts;
    const { image, index, isFresh } = written;
    const { file } = image.image;
    const ref = { image: file, index };
    if (!isFresh) return staleHover([links.openInLens(ref)], t);
    const { crop, heatFollows } = await pictures.of(file, { image, index }, image.analysisId !== undefined);
    const standing = facts.standingOf(ref);
    const hasNext = standing !== undefined && standing.rank < standing.of;
    const analyze = crop?.heat === false && !heatFollows ? [links.analyze(file)] : [];
    return labelHover(
      {
        image,
        index,
        standing,
        listed: problems.at(document.uri, document.lineAt(position).range).map(({ issue }) => issue),
        crop,
        heatFollows,
        links: [links.openInLens(ref), ...analyze, ...(hasNext ? [links.nextWorst(ref)] : [])],
      },
      t,
    );
  }

  private hover(range: vscode.Range, text: string): vscode.Hover {
    return new vscode.Hover(this.parts.links.markdown(text), range);
  }
}
