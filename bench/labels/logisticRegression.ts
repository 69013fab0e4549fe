/**
 * Multinomial logistic regression by Newton's method with a ridge on the weights of standardised features, so that the
 * result does not depend on the order of rows or on a random start.
 *
 * @param rows features, row by row
 * @param classes of each row, 0 to `count` - 1
 * @param importance of each row, all the same where left out
 * @returns per class: bias first, then a weight per feature, for features that are not standardised
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  classes: readonly number[],
  count: number,
  ridge: number,
  importance?: readonly number[],
): number[][] {
  const features = rows[0].length;
  const means = Array.from({ length: features }, (_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
  const deviations = means.map((mean, i) =>
    Math.max(1e-9, Math.sqrt(rows.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0) / rows.length)),
  );
  const inputs = rows.map(row => [1, ...row.map((value, i) => (value - means[i]) / deviations[i])]);
  const width = features + 1;
  const size = width * count;
  let weights = new Float64Array(size);

  for (let round = 0; round < 30; round++) {
    const gradient = new Float64Array(size);
    const hessian = Array.from({ length: size }, () => new Float64Array(size));
    inputs.forEach((input, row) => {
      const probabilities = softmax(input, weights, count);
      const times = importance?.[row] ?? 1;
      for (let a = 0; a < count; a++) {
        const error = times * (probabilities[a] - (classes[row] === a ? 1 : 0));
        for (let i = 0; i < width; i++) gradient[a * width + i] += error * input[i];
        for (let b = a; b < count; b++) {
          const factor = times * probabilities[a] * ((a === b ? 1 : 0) - probabilities[b]);
          for (let i = 0; i < width; i++) {
            const target = hessian[a * width + i];
            for (let j = 0; j < width; j++) target[b * width + j] += factor * input[i] * input[j];
          }
        }
      }
    });
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) hessian[i][j] = hessian[j][i];
      // Biases are free but for what makes the solution unique: one constant may be added to all classes.
      const penalty = i % width === 0 ? 1e-6 : ridge;
      gradient[i] += penalty * weights[i];
      hessian[i][i] += penalty;
    }
    const step = solve(hessian, gradient);
    weights = weights.map((weight, i) => weight - step[i]);
    if (step.every(value => Math.abs(value) < 1e-8)) break;
  }

  return Array.from({ length: count }, (_, a) => {
    const scaled = means.map((_, i) => weights[a * width + i + 1] / deviations[i]);
    return [scaled.reduce((bias, weight, i) => bias - weight * means[i], weights[a * width]), ...scaled];
  });
}

function softmax(input: readonly number[], weights: Float64Array, count: number): number[] {
  const width = input.length;
  const logits = Array.from({ length: count }, (_, a) =>
    input.reduce((sum, value, i) => sum + value * weights[a * width + i], 0),
  );
  const largest = Math.max(...logits);
  const terms = logits.map(logit => Math.exp(logit - largest));
  const total = terms.reduce((sum, term) => sum + term, 0);
  return terms.map(term => term / total);
}

/** Gaussian elimination with partial pivoting; overwrites its arguments. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) pivot = row;
    }
    [matrix[column], matrix[pivot]] = [matrix[pivot], matrix[column]];
    [right[column], right[pivot]] = [right[pivot], right[column]];
    for (let row = column + 1; row < size; row++) {
      const factor = matrix[row][column] / matrix[column][column];
      if (factor === 0) continue;
      for (let i = column; i < size; i++) matrix[row][i] -= factor * matrix[column][i];
      right[row] -= factor * right[column];
    }
  }
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    let value = right[row];
    for (let i = row + 1; i < size; i++) value -= matrix[row][i] * solution[i];
    solution[row] = value / matrix[row][row];
  }
  return solution;
}
