/* Colours of the page as canvases need them. */

const probe = document.createElement('span');
probe.hidden = true;

/** What the page's colours depend on; another value, other colours. */
export const theme = () =>
  `${document.documentElement.dataset.theme} ${matchMedia('(prefers-color-scheme: dark)').matches}`;

/** Looked up once for each theme, as each look makes the browser compute the page's styles. */
let known = { for: '', colours: new Map() };

/** A colour of the style sheet, as the browser resolves it. @param {string} name of a custom property */
export function colourOf(name) {
  if (known.for !== theme()) known = { for: theme(), colours: new Map() };
  if (!known.colours.has(name)) {
    if (!probe.isConnected) document.body.append(probe);
    probe.style.color = `var(${name})`;
    known.colours.set(name, getComputedStyle(probe).color);
  }
  return known.colours.get(name);
}

const STEPS = 64;

/**
 * Colours between colours of the style sheet, evenly far apart to the eye (mixed in OKLab).
 * @param {string[]} names from the lowest to the highest, evenly spread
 * @returns {(share: number) => string} share: 0 to 1
 */
export function rampOf(names) {
  const stops = names.map((name) => toLab(colourOf(name)));
  const colours = Array.from({ length: STEPS + 1 }, (_, i) => {
    const at = (i / STEPS) * (stops.length - 1);
    const from = Math.min(Math.floor(at), stops.length - 2);
    const [one, other] = [stops[from], stops[from + 1]];
    return fromLab(one.map((v, k) => v + (other[k] - v) * (at - from)));
  });
  return (share) => colours[Math.round(Math.min(Math.max(share, 0), 1) * STEPS)];
}

/** Ottosson 2020. @param {string} colour rgb(…) */
function toLab(colour) {
  const [r, g, b] = colour
    .match(/[\d.]+/g)
    .slice(0, 3)
    .map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromLab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const shown = linear.map((v) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
  return `rgb(${shown.map((v) => Math.round(Math.min(Math.max(v, 0), 1) * 255)).join(' ')})`;
}
