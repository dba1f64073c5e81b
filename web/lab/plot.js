import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { h, setText } from '../page/dom.js';
import { colourOf, theme } from './colours.js';

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} colour a custom property
 * @property {[number[], (number | null)[]]} points x, rising, and y
 * @property {boolean} [dashed]
 */

/**
 * Lines over a common axis, with a line of text on what is under the pointer. The numbers are in a table
 * beside it, so screen readers leave the picture out.
 * @param {{ height: number, log?: boolean }} options
 */
export function createPlot({ height, log = false }) {
  const place = h('div', { class: 'plot-place', 'aria-hidden': 'true' });
  const readout = h('p', { class: 'plot-readout', 'aria-hidden': 'true' });
  const element = h('div', { class: 'plot' }, place, readout);
  place.style.height = `${height}px`;
  let plot = null;
  let made = '';
  let shown = null;

  new ResizeObserver(() => fit()).observe(place);

  function fit() {
    const { clientWidth: width } = place;
    if (plot && width > 0 && plot.width !== width) plot.setSize({ width, height });
    else if (!plot && shown && width > 0) make();
  }

  function make() {
    plot?.destroy();
    plot = null;
    const { lines } = shown;
    const [ink, faint] = ['--quiet', '--line'].map(colourOf);
    const font = `12px ${getComputedStyle(place).fontFamily}`;
    const axis = { stroke: ink, font, ticks: { show: false } };
    const grid = { stroke: faint, width: 1 };
    if (place.clientWidth === 0 || lines.length === 0) return;
    plot = new uPlot(
      {
        width: place.clientWidth,
        height,
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { size: 6 } },
        padding: [8, 42, 0, 0],
        scales: {
          x: { time: false, range: () => shown.spanX },
          y: { range: (_, low, high) => shown.spanY(low, high), ...(log && { distr: 3 }) },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            values: (_, at) => at.map((v) => shown.sayX(v)),
            size: 28,
            ...(shown.places && { splits: () => shown.places.map((__, i) => i), space: 8 }),
          },
          {
            ...axis,
            grid,
            values: (_, at) => at.map((v) => (v === null ? '' : shown.sayY(v))),
            // Of a logarithmic axis the powers of ten alone.
            ...(log && { splits: (_, __, low, high) => powersOfTen(low, high) }),
            size: 52,
          },
        ],
        series: [
          {},
          ...lines.map(({ colour, dashed }) => ({
            stroke: colourOf(colour),
            width: 2,
            spanGaps: true,
            points: { show: false },
            ...(dashed && { dash: [5, 4] }),
          })),
        ],
        hooks: { draw: [nameLines], setCursor: [read] },
      },
      data(),
      place,
    );
  }

  const data = () => uPlot.join(shown.lines.map(({ points }) => points));

  /** Names at the ends of the lines, so that no colour is to be looked up. */
  function nameLines({ ctx, data: drawn, series, bbox, valToPos }) {
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `600 ${11 * ratio}px ${getComputedStyle(place).fontFamily}`;
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'left';
    const taken = [];
    shown.lines.forEach(({ name, dashed }, i) => {
      if (dashed) return;
      const at = drawn[i + 1].findLastIndex((v) => v !== null && v !== undefined);
      if (at < 0) return;
      const x = valToPos(drawn[0][at], 'x', true) + 5 * ratio;
      let y = valToPos(drawn[i + 1][at], 'y', true);
      for (const other of taken.sort((a, b) => a - b))
        if (Math.abs(other - y) < 12 * ratio) y = other + 12 * ratio;
      taken.push(y);
      ctx.fillStyle = series[i + 1].stroke();
      ctx.fillText(name, Math.min(x, bbox.left + bbox.width + 5 * ratio), y);
    });
    ctx.restore();
  }

  function read({ cursor: { idx }, data: drawn }) {
    if (idx === null || idx === undefined || !shown) return setText(readout, shown?.hint ?? '');
    const { lines, sayX, sayY, x } = shown;
    const at = drawn[0][idx];
    const said = lines.map(({ name, points: [xs, ys], dashed }) => {
      const near = xs.findLastIndex((v) => v <= at);
      return near < 0 || dashed ? null : `${name} ${sayY(ys[near])}`;
    });
    setText(readout, [`${x} ${sayX(at)}`.trim(), ...said.filter(Boolean)].join('   '));
  }

  return {
    element,
    /**
     * @param {object} next
     * @param {Line[]} next.lines
     * @param {[number, number]} next.spanX
     * @param {(low: number, high: number) => [number, number]} next.spanY of what the lines span
     * @param {(value: number) => string} next.sayX
     * @param {(value: number) => string} next.sayY
     * @param {string} next.x what is across
     * @param {string[]} [next.places] what stands at 0, 1, ... of x
     * @param {string} next.hint while nothing is pointed at
     * @param {string} [next.key] another, another picture
     */
    render(next) {
      shown = next;
      const key = `${theme()} ${next.key} ${next.lines.map(({ name }) => name)}`;
      if (!plot || key !== made) {
        made = key;
        make();
      } else {
        plot.setData(data());
      }
      if (!plot?.cursor.idx) setText(readout, next.hint);
    },
  };
}

function powersOfTen(low, high) {
  const [from, to] = [low, high].map(Math.log10);
  const stride = Math.max(1, Math.ceil((to - from) / 6));
  const powers = [];
  for (let power = Math.ceil(from); power <= to; power += stride) powers.push(10 ** power);
  return powers;
}
