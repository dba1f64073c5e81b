/**
 * An order of units in which those whose states go alike over the letters stand side by side: by the
 * angle of their first two principal components (Friendly 2002).
 * @param {Float32Array} states [T, H]
 * @param {number} letters T
 * @param {number} units H
 * @returns {number[]} units
 */
export function orderUnits(states, letters, units) {
  const courses = Array.from({ length: units }, (_, unit) => {
    const course = Array.from({ length: letters }, (__, t) => states[t * units + unit]);
    const length = Math.hypot(...course) || 1;
    return course.map((value) => value / length);
  });
  const product = Array.from({ length: letters }, (_, s) =>
    Array.from({ length: letters }, (__, t) => courses.reduce((sum, c) => sum + c[s] * c[t], 0)),
  );
  const first = principal(product, []);
  const second = principal(product, [first]);
  const angles = courses.map((course) => Math.atan2(dot(course, second), dot(course, first)));
  const order = courses.map((_, unit) => unit).sort((a, b) => angles[a] - angles[b]);
  return fromWidestGap(order, angles);
}

const dot = (one, other) => one.reduce((sum, value, i) => sum + value * other[i], 0);

/** The eigenvector of the largest eigenvalue beside those that are known, by power iteration. */
function principal(matrix, known) {
  let vector = matrix.map((_, i) => Math.cos(i + 1));
  for (let i = 0; i < 40; i++) {
    vector = matrix.map((row) => dot(row, vector));
    for (const other of known) {
      const part = dot(vector, other);
      vector = vector.map((value, k) => value - part * other[k]);
    }
    const length = Math.hypot(...vector) || 1;
    vector = vector.map((value) => value / length);
  }
  return vector;
}

/** The circle is cut where neighbours differ most. */
function fromWidestGap(order, angles) {
  const gaps = order.map((unit, i) => {
    const before = order.at(i - 1);
    const gap = angles[unit] - angles[before];
    return i === 0 ? gap + 2 * Math.PI : gap;
  });
  const at = gaps.indexOf(Math.max(...gaps));
  return [...order.slice(at), ...order.slice(0, at)];
}
