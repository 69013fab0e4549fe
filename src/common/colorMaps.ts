/**
 * Colour maps as 256 RGBA entries, transparent at the low end so that the picture shows where there is little loss.
 * The ramps interpolate a few control points of Matplotlib's perceptually uniform, colour-blind-safe maps.
 */
export const colorMapNames = ['inferno', 'viridis', 'cividis'] as const;
export type ColorMapName = (typeof colorMapNames)[number];

export type Rgb = readonly [red: number, green: number, blue: number];

const ramps: Readonly<Record<ColorMapName, readonly Rgb[]>> = {
  inferno: [
    [0, 0, 4],
    [31, 12, 72],
    [85, 15, 109],
    [136, 34, 106],
    [186, 54, 85],
    [227, 89, 51],
    [249, 140, 10],
    [249, 201, 50],
    [252, 255, 164],
  ],
  viridis: [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
  ],
  cividis: [
    [0, 34, 78],
    [18, 53, 112],
    [59, 73, 108],
    [87, 93, 109],
    [112, 113, 115],
    [138, 134, 120],
    [165, 156, 116],
    [195, 179, 105],
    [254, 232, 56],
  ],
};

/** Colours of the assignment states; background is transparent. Okabe and Ito's palette. */
export const stateColors = { ignored: [213, 94, 0], foreground: [0, 158, 115] } as const satisfies Record<string, Rgb>;

export const colorMapSize = 256;

/** Opacity along the ramp: nothing at 0, full from 60% on. */
function rampAlpha(position: number): number {
  return Math.min(1, position / 0.6) ** 0.8;
}

/** 256 RGBA entries, not premultiplied. */
export function colorMap(name: ColorMapName): Uint8Array {
  const ramp = ramps[name];
  const table = new Uint8Array(colorMapSize * 4);
  for (let i = 0; i < colorMapSize; i++) {
    const position = i / (colorMapSize - 1);
    const place = position * (ramp.length - 1);
    const from = ramp[Math.floor(place)] ?? [0, 0, 0];
    const to = ramp[Math.ceil(place)] ?? from;
    const between = place - Math.floor(place);
    for (let c = 0; c < 3; c++) {
      table[i * 4 + c] = Math.round(from[c] + (to[c] - from[c]) * between);
    }
    table[i * 4 + 3] = Math.round(255 * rampAlpha(position));
  }
  return table;
}

/** The categorical map of assignment states over positions 0 (background), 0.5 (ignored) and 1 (foreground). */
export function stateColorMap(): Uint8Array {
  const table = new Uint8Array(colorMapSize * 4);
  for (let i = 0; i < colorMapSize; i++) {
    const position = i / (colorMapSize - 1);
    if (position < 0.25) continue;
    table.set(position < 0.75 ? stateColors.ignored : stateColors.foreground, i * 4);
    table[i * 4 + 3] = 200;
  }
  return table;
}

/** CSS colour of an entry. */
export function cssColor(table: Uint8Array, position: number): string {
  const i = Math.round(Math.min(1, Math.max(0, position)) * (colorMapSize - 1)) * 4;
  return `rgb(${table[i]} ${table[i + 1]} ${table[i + 2]} / ${(table[i + 3] / 255).toFixed(3)})`;
}
