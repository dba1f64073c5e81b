import { readFileSync } from 'node:fs';
import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature, merge } from 'topojson-client';
import * as simplifying from 'topojson-simplify';
import { PLACES, homesOf } from '../names/places.js';

const MODULE = 'virtual:world-map';
const WIDTH = 2000;
/** What is smaller on the sphere than so many steradians is left out, of coasts and of islands. */
const DETAIL = 2e-5;
/** A country of a smaller picture, in square units, is shown by a dot. */
const SMALL = 300;
/** The westernmost and the easternmost place: Bering Strait and Samoa, whose dot has a margin. */
const ENDS = [
  [-168.1, 65.6],
  [-171.4, -13.9],
];
const MARGIN = 20;
const ANTARCTICA = '010';

const readJson = (name) => JSON.parse(readFileSync(new URL(import.meta.resolve(name))));

/**
 * `import map from 'virtual:world-map'`: Natural Earth's countries at 1:50 million (world-atlas), made
 * simpler and projected while building.
 * `{ width, height, rest, countries: [{ code, path, dot }] }`: countries are those that labels are at
 * home in, the rest of the land is one path; `dot`, where a country is hard to see: where it is.
 * @returns {import('vite').Plugin}
 */
export function worldMap() {
  return {
    name: 'recur:world-map',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load: (id) => (id === `\0${MODULE}` ? `export default ${JSON.stringify(draw())};` : null),
  };
}

function draw() {
  const world = readJson('world-atlas/countries-50m.json');
  const codes = new Map(
    readJson('i18n-iso-countries/codes.json').map(([code, , number]) => [number, code]),
  );
  const wanted = new Set(Object.keys(PLACES).flatMap(homesOf));
  const codeOf = ({ id }) => (wanted.has(codes.get(id)) ? codes.get(id) : null);
  const simple = simplify(world);
  const shapes = simple.objects.countries.geometries.filter(({ id }) => id !== ANTARCTICA);
  const land = merge(simple, shapes);

  // East Siberia's end stays with Russia, and Samoa and Tonga with New Zealand.
  const projection = geoNaturalEarth1().rotate([-11, 0]);
  projection.fitWidth(WIDTH - MARGIN, { type: 'MultiPoint', coordinates: ENDS });
  const [[, top], [, bottom]] = geoPath(projection).bounds(land);
  const [x, y] = projection.translate();
  projection.translate([x, y - top]);

  const exact = feature(world, world.objects.countries).features;
  const countries = shapes
    .filter(codeOf)
    .map((shape) => ({
      code: codeOf(shape),
      path: pathOf(projection, feature(simple, shape)),
      ...dotOf(
        projection,
        exact.find(({ id }) => id === shape.id),
      ),
    }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  const missing = [...wanted].filter((code) => !countries.some((country) => country.code === code));
  if (missing.length > 0) throw new Error(`not on the map: ${missing.join(' ')}`);
  return {
    width: WIDTH,
    height: Math.ceil(bottom - top),
    rest: pathOf(
      projection,
      merge(
        simple,
        shapes.filter((shape) => !codeOf(shape)),
      ),
    ),
    countries,
  };
}

function simplify(world) {
  const { presimplify, filter, filterAttachedWeight, sphericalRingArea } = simplifying;
  const weighed = presimplify(world, simplifying.sphericalTriangleArea);
  const simple = simplifying.simplify(weighed, DETAIL);
  return filter(simple, filterAttachedWeight(simple, DETAIL, sphericalRingArea));
}

/** A small country's dot lies in its largest part. */
function dotOf(projection, { geometry }) {
  const path = geoPath(projection);
  if (path.area(geometry) >= SMALL) return {};
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const [largest] = parts
    .map((coordinates) => ({ type: 'Polygon', coordinates }))
    .sort((a, b) => path.area(b) - path.area(a));
  return { dot: path.centroid(largest).map(Math.round) };
}

/** SVG's path data in whole units, each line relative to the point before, which is half the size. */
function pathOf(projection, shape) {
  let data = '';
  let at;
  const round = (x, y) => [Math.round(x), Math.round(y)];
  const context = {
    moveTo(x, y) {
      at = round(x, y);
      data += `M${at.join(' ')}l`;
    },
    lineTo(x, y) {
      const to = round(x, y);
      const step = [to[0] - at[0], to[1] - at[1]];
      if (step.some(Boolean)) data += `${data.endsWith('l') ? '' : ' '}${step.join(' ')}`;
      at = to;
    },
    closePath: () => void (data += 'z'),
  };
  geoPath(projection, context)(shape);
  return data
    .replace(/M-?\d+ -?\d+lz/g, '') // what is smaller than a unit
    .replaceAll(' -', '-');
}
