import { h, setAttribute } from '../page/dom.js';
import { rampOf, theme } from './colours.js';

/**
 * A heat map of many cells on a canvas, which is one element however many there are. It is reached by
 * keyboard: arrows move a cursor over its cells, Enter picks one.
 * @param {{ ramp: string[], gap?: number, point: (cell: Cell | null) => void,
 *   pick?: (cell: Cell) => void }} options ramp: custom properties; point: a cell is pointed at
 *
 * @typedef {{ row: number, column: number }} Cell
 */
export function createHeatCanvas({ ramp, gap = 1, point, pick = () => {} }) {
  const canvas = h('canvas', { class: 'heat-canvas', tabindex: 0, role: 'application' });
  const context = canvas.getContext('2d', { alpha: true });
  let shown = null;
  let colours = null;
  let themed = '';
  let cursor = null;
  let drawn = {};

  new ResizeObserver(() => draw(true)).observe(canvas);

  function draw(force = false) {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!shown || width === 0) return;
    if (themed !== theme()) {
      colours = rampOf(ramp);
      themed = theme();
      force = true;
    }
    if (!force && drawn.shown === shown && drawn.at === place()) return;
    drawn = { shown, at: place() };
    const ratio = devicePixelRatio;
    if (
      canvas.width !== Math.round(width * ratio) ||
      canvas.height !== Math.round(height * ratio)
    ) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const { rows, columns, value } = shown;
    context.clearRect(0, 0, canvas.width, canvas.height);
    const [w, tall] = [canvas.width / columns, canvas.height / rows];
    const space = Math.min(w, tall) > 5 * ratio ? gap * ratio : 0;
    for (let row = 0; row < rows; row++) {
      const y = Math.round(row * tall);
      const bottom = Math.round((row + 1) * tall) - space;
      for (let column = 0; column < columns; column++) {
        const share = value(row, column);
        if (share === null) continue;
        const x = Math.round(column * w);
        context.fillStyle = colours(share);
        context.fillRect(x, y, Math.round((column + 1) * w) - space - x, bottom - y);
      }
    }
    if (!cursor) return;
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = 2 * ratio;
    context.strokeRect(cursor.column * w, cursor.row * tall, w, tall);
  }

  const place = () => (cursor ? `${cursor.row} ${cursor.column}` : '');

  function move(cell) {
    cursor = cell;
    point(cell);
    draw();
  }

  function cellAt({ offsetX, offsetY }) {
    const { rows, columns } = shown;
    const row = Math.floor((offsetY / canvas.clientHeight) * rows);
    const column = Math.floor((offsetX / canvas.clientWidth) * columns);
    return {
      row: Math.min(Math.max(row, 0), rows - 1),
      column: Math.min(Math.max(column, 0), columns - 1),
    };
  }

  canvas.addEventListener('pointermove', (event) => {
    if (!shown) return;
    const cell = cellAt(event);
    if (cell.row !== cursor?.row || cell.column !== cursor?.column) move(cell);
  });
  canvas.addEventListener('pointerleave', () => move(null));
  canvas.addEventListener('blur', () => move(null));
  canvas.addEventListener('click', (event) => shown && pick(cellAt(event)));
  canvas.addEventListener('focus', () => {
    if (shown && !cursor && canvas.matches(':focus-visible')) move({ row: 0, column: 0 });
  });
  canvas.addEventListener('keydown', (event) => {
    if (!shown) return;
    const { row, column } = cursor ?? { row: 0, column: 0 };
    const { rows, columns } = shown;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      pick({ row, column });
      return;
    }
    const next = {
      ArrowRight: { row, column: column + 1 },
      ArrowLeft: { row, column: column - 1 },
      ArrowDown: { row: row + 1, column },
      ArrowUp: { row: row - 1, column },
      Home: { row, column: 0 },
      End: { row, column: columns - 1 },
      PageUp: { row: 0, column },
      PageDown: { row: rows - 1, column },
    }[event.key];
    if (!next) return;
    event.preventDefault();
    move({
      row: Math.min(Math.max(next.row, 0), rows - 1),
      column: Math.min(Math.max(next.column, 0), columns - 1),
    });
  });

  return {
    element: canvas,
    /**
     * @param {{ rows: number, columns: number, value: (row: number, column: number) => number | null
     *   } | null} next value: 0 to 1, null: nothing there; the same object, the same picture
     * @param {string} label
     */
    render(next, label) {
      setAttribute(canvas, 'aria-label', label);
      const same = shown && next && shown.rows === next.rows && shown.columns === next.columns;
      shown = next;
      if (!same) cursor = null;
      if (!next) context.clearRect(0, 0, canvas.width, canvas.height);
      draw();
    },
  };
}
