import type { CellLayout } from './cellGrid';
import type { HeatmapFrame, HeatmapRenderer } from './heatmapRenderer';
import { cellTextureWidth, fragmentShader, maxLevels, vertexShader } from './shaders';

interface Program {
  readonly program: WebGLProgram;
  readonly cells: WebGLTexture;
  readonly colors: WebGLTexture;
  readonly uniform: (name: string) => WebGLUniformLocation | null;
}

/**
 * The heatmap in WebGL2: cell values are a texture, everything else is a uniform, so that panning, zooming, levels,
 * opacity and hover cost nothing per anchor. Survives loss of the context by uploading again.
 */
export class GlHeatmap implements HeatmapRenderer {
  private program: Program | undefined;
  private layout: CellLayout | undefined;
  private cellValues: Float32Array | undefined;
  private colorTable: Uint8Array | undefined;
  /** The cells in whole rows of the texture. */
  private texels = new Float32Array(0);
  private readonly listeners = new AbortController();

  private constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
    onRestored: () => void,
  ) {
    this.program = createProgram(gl);
    const { signal } = this.listeners;
    canvas.addEventListener(
      'webglcontextlost',
      event => {
        event.preventDefault();
        this.program = undefined;
      },
      { signal },
    );
    canvas.addEventListener(
      'webglcontextrestored',
      () => {
        this.program = createProgram(gl);
        this.uploadCells();
        this.uploadColors();
        onRestored();
      },
      { signal },
    );
  }

  /** Undefined where the browser has no WebGL2. */
  static create(canvas: HTMLCanvasElement, onRestored: () => void): GlHeatmap | undefined {
    const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, depth: false, premultipliedAlpha: true });
    return gl === null ? undefined : new GlHeatmap(canvas, gl, onRestored);
  }

  setCells(layout: CellLayout, cells: Float32Array): void {
    this.layout = layout;
    this.cellValues = cells;
    this.uploadCells();
  }

  setColors(colors: Uint8Array): void {
    this.colorTable = colors;
    this.uploadColors();
  }

  draw(frame: HeatmapFrame): void {
    const { gl, program, layout } = this;
    if (program === undefined || gl.isContextLost()) return;
    const { canvas } = this;
    if (canvas.width !== frame.width) canvas.width = frame.width;
    if (canvas.height !== frame.height) canvas.height = frame.height;
    gl.viewport(0, 0, frame.width, frame.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (layout === undefined || frame.opacity <= 0) return;
    gl.useProgram(program.program);
    const { uniform } = program;
    gl.uniform1f(uniform('canvasHeight'), frame.height);
    gl.uniform2f(uniform('perPixel'), frame.perPixelX, frame.perPixelY);
    gl.uniform2f(uniform('origin'), frame.originX, frame.originY);
    gl.uniform2f(uniform('extent'), frame.extentX, frame.extentY);
    gl.uniform1i(uniform('levelMask'), frame.levelMask);
    gl.uniform1i(uniform('summed'), frame.combination === 'sum' ? 1 : 0);
    gl.uniform1i(uniform('smoothly'), frame.smooth ? 1 : 0);
    gl.uniform1i(uniform('logarithmic'), frame.scale.logarithmic ? 1 : 0);
    gl.uniform2f(uniform('range'), frame.scale.low, frame.scale.high);
    gl.uniform1f(uniform('opacity'), frame.opacity);
    gl.uniform4f(uniform('spot'), frame.spot.x, frame.spot.y, frame.spot.radius, frame.spot.strength);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, program.cells);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, program.colors);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  dispose(): void {
    this.listeners.abort();
    if (this.program !== undefined) {
      this.gl.deleteTexture(this.program.cells);
      this.gl.deleteTexture(this.program.colors);
      this.gl.deleteProgram(this.program.program);
    }
    this.program = undefined;
    // Browsers keep a handful of contexts only: hand this one back at once instead of at the next collection.
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  private uploadCells(): void {
    const { gl, program, layout, cellValues } = this;
    if (program === undefined || layout === undefined || cellValues === undefined) return;
    const rows = Math.max(1, Math.ceil(layout.cells / cellTextureWidth));
    const size = rows * cellTextureWidth;
    if (this.texels.length !== size) this.texels = new Float32Array(size);
    this.texels.set(cellValues);
    gl.bindTexture(gl.TEXTURE_2D, program.cells);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, cellTextureWidth, rows, 0, gl.RED, gl.FLOAT, this.texels);
    const levels = layout.levels.slice(0, maxLevels);
    gl.useProgram(program.program);
    gl.uniform1i(program.uniform('levelCount'), levels.length);
    gl.uniform2fv(
      program.uniform('strides'),
      padded(
        levels.flatMap(l => [l.strideX, l.strideY]),
        2,
        1,
      ),
    );
    gl.uniform3iv(
      program.uniform('grids'),
      padded(
        levels.flatMap(l => [l.width, l.height, l.offset]),
        3,
        0,
      ),
    );
  }

  private uploadColors(): void {
    const { gl, program, colorTable } = this;
    if (program === undefined || colorTable === undefined) return;
    gl.bindTexture(gl.TEXTURE_2D, program.colors);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, colorTable.length / 4, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colorTable);
  }
}

function padded(values: readonly number[], width: number, fill: number): number[] {
  return [...values, ...new Array<number>(maxLevels * width - values.length).fill(fill)];
}

function createProgram(gl: WebGL2RenderingContext): Program | undefined {
  if (gl.isContextLost()) return undefined;
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) return undefined;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`The heatmap's shader does not link: ${gl.getProgramInfoLog(program) ?? 'no reason given'}`);
  }
  const locations = new Map<string, WebGLUniformLocation | null>();
  const uniform = (name: string) => {
    let location = locations.get(name);
    if (location === undefined) locations.set(name, (location = gl.getUniformLocation(program, name)));
    return location;
  };
  gl.useProgram(program);
  gl.uniform1i(uniform('cells'), 0);
  gl.uniform1i(uniform('colors'), 1);
  return { program, cells: nearestTexture(gl), colors: nearestTexture(gl), uniform };
}

function nearestTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
  for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
  return texture;
}
