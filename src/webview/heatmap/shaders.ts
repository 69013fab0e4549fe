export const maxLevels = 8;
/** Cells are laid out row by row in a texture of this width. */
export const cellTextureWidth = 1024;

/** One triangle that covers the canvas. */
export const vertexShader = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

/** For each pixel: look up the tile of each enabled level, combine, scale, colour. See `valueAt` and `scalePosition`. */
export const fragmentShader = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D cells;
uniform sampler2D colors;
uniform float canvasHeight;
uniform vec2 perPixel;
uniform vec2 origin;
uniform vec2 extent;
uniform int levelCount;
uniform vec2 strides[${maxLevels}];
uniform ivec3 grids[${maxLevels}];
uniform int levelMask;
uniform bool summed;
uniform bool smoothly;
uniform bool logarithmic;
uniform vec2 range;
uniform float opacity;
uniform vec4 spot;
out vec4 color;
float cellAt(ivec3 grid, ivec2 cell) {
  ivec2 inside = clamp(cell, ivec2(0), grid.xy - 1);
  int index = grid.z + inside.y * grid.x + inside.x;
  return texelFetch(cells, ivec2(index % ${cellTextureWidth}, index / ${cellTextureWidth}), 0).r;
}
float smoothedAt(ivec3 grid, vec2 place) {
  ivec2 first = ivec2(floor(place));
  vec2 t = place - floor(place);
  float upper = mix(cellAt(grid, first), cellAt(grid, first + ivec2(1, 0)), t.x);
  float lower = mix(cellAt(grid, first + ivec2(0, 1)), cellAt(grid, first + 1), t.x);
  return mix(upper, lower, t.y);
}
void main() {
  vec2 pixel = vec2(gl_FragCoord.x, canvasHeight - gl_FragCoord.y);
  vec2 network = pixel * perPixel + origin;
  color = vec4(0.0);
  if (any(lessThan(network, vec2(0.0))) || any(greaterThan(network, extent))) return;
  float value = 0.0;
  for (int i = 0; i < ${maxLevels}; i++) {
    if (i >= levelCount) break;
    if ((levelMask & (1 << i)) == 0) continue;
    ivec2 cell = ivec2(floor(network / strides[i] + 0.5));
    if (cell.x >= grids[i].x || cell.y >= grids[i].y) continue;
    float cellValue = smoothly ? smoothedAt(grids[i], network / strides[i]) : cellAt(grids[i], cell);
    value = summed ? value + cellValue : max(value, cellValue);
  }
  if (value <= range.x) return;
  float position = logarithmic ? log(value / range.x) / log(range.y / range.x) : (value - range.x) / (range.y - range.x);
  vec4 entry = texelFetch(colors, ivec2(int(clamp(position, 0.0, 1.0) * 255.0 + 0.5), 0), 0);
  float alpha = entry.a * opacity;
  if (spot.z > 0.0) alpha *= mix(spot.w, 1.0, smoothstep(0.72, 1.0, distance(pixel, spot.xy) / spot.z));
  color = vec4(entry.rgb * alpha, alpha);
}`;
