import { mkdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../common/errors';
import type { AnalysisStage, AnalyzeRequest, AnalysisProgress, AnalyzeResult } from '../protocol/messages';
import type { AnchorInspection } from '../protocol/analysis';
import type { Engine } from './engine';
import type { ModelPicker } from './modelPicker';
import { readSettings } from './settings';

export interface AnalyzeOptions {
  readonly signal: AbortSignal;
  readonly onStage: (stage: AnalysisStage) => void;
  /** Told early which file shows the image. */
  readonly onImage: (file: string) => void;
}

/** An analysis and what it takes to ask the engine about it later. */
export interface FinishedAnalysis {
  readonly result: AnalyzeResult;
  readonly request: AnalyzeRequest;
  readonly generation: number;
}

/** Analyses images with the settings and the checkpoint that apply to them. */
export class ImageAnalysis implements vscode.Disposable {
  private readonly analyzed = new vscode.EventEmitter<FinishedAnalysis>();
  /** Fires with each analysis, whoever asked for it. */
  readonly onDidAnalyze = this.analyzed.event;

  constructor(
    private readonly engine: Engine,
    private readonly models: ModelPicker,
    /** Where the engine puts copies of images that a webview cannot show as they are. */
    readonly cacheFolder: vscode.Uri,
  ) {}

  /** Throws a UserError that the user can act on, or CancelledError. */
  async analyze(image: vscode.Uri, options: AnalyzeOptions): Promise<FinishedAnalysis> {
    if (!vscode.workspace.isTrusted) throw new UntrustedError();
    if (image.scheme !== 'file') {
      throw new UserError(vscode.l10n.t('is not a file on this machine'), {
        where: image.toString(true),
        remedy: vscode.l10n.t('open a folder that is'),
      });
    }
    const { modelCard, runtime, labels, bands, maxPixels } = readSettings(image);
    const checkpoint = this.checkpoint(image);
    await mkdir(this.cacheFolder.fsPath, { recursive: true });
    const reporting = {
      signal: options.signal,
      onProgress: (report: AnalysisProgress) => options.onStage(report.stage),
    };
    const display = { image: image.fsPath, cacheFolder: this.cacheFolder.fsPath, maxPixels };
    const shown = await this.ask(client => client.request('displayImage', display, { signal: options.signal }));
    options.onImage(shown.file);
    const request: AnalyzeRequest = {
      model: { checkpoint, runtime, ...(modelCard === undefined ? {} : { card: modelCard }) },
      image: image.fsPath,
      ...(labels === undefined ? {} : { labels }),
      bands,
      maxPixels,
    };
    const result = await this.ask(client => client.request('analyzeImage', request, reporting));
    const finished = { result, request, generation: this.engine.generation };
    this.analyzed.fire(finished);
    return finished;
  }

  dispose(): void {
    this.analyzed.dispose();
  }

  /** One anchor of a finished analysis; undefined where the engine has forgotten it, by a restart or for want of room. */
  async inspect(
    { result, generation }: FinishedAnalysis,
    anchor: number,
    signal: AbortSignal,
  ): Promise<AnchorInspection | undefined> {
    if (generation !== this.engine.generation) return undefined;
    try {
      return await this.engine.client.request('inspectAnchor', { id: result.id, anchor }, { signal });
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  /** Exact losses under another gamma and alpha; undefined where the engine has forgotten the analysis. */
  async recomputeLoss(
    { result, generation }: FinishedAnalysis,
    gamma: number,
    alpha: number,
    signal: AbortSignal,
  ): Promise<{ readonly focal: ArrayBuffer } | undefined> {
    if (generation !== this.engine.generation) return undefined;
    try {
      return await this.engine.client.request('recomputeLoss', { id: result.id, gamma, alpha }, { signal });
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  /** The same analysis once more, with the files as they are now. */
  async repeat({ request }: FinishedAnalysis, signal: AbortSignal): Promise<FinishedAnalysis> {
    const result = await this.engine.client.request('analyzeImage', request, { signal });
    return { result, request, generation: this.engine.generation };
  }

  private checkpoint(image: vscode.Uri): string {
    const known = this.models.current(image);
    if (known !== undefined) return known;
    throw new UserError(vscode.l10n.t('no model is chosen'), {
      remedy: vscode.l10n.t('choose a RetinaNet checkpoint (.pth, .pt or .safetensors)'),
    });
  }

  /** Asks the engine, and once more where it died over the question: a crash may well be a passing one. */
  private async ask<T>(question: (client: Engine['client']) => Promise<T>): Promise<T> {
    const { generation } = this.engine;
    try {
      return await question(this.engine.client);
    } catch (error) {
      if (error instanceof CancelledError || generation === this.engine.generation) throw error;
      return question(this.engine.client);
    }
  }
}

/** The workspace is in restricted mode: labels may be read, checkpoints are not loaded. */
export class UntrustedError extends UserError {
  constructor() {
    super(vscode.l10n.t('this workspace is in restricted mode, where no checkpoint is loaded'), {
      remedy: vscode.l10n.t('trust it to analyze its images'),
    });
  }
}
