// One section of the table: a line for each of our rows and each peer that measured the same.

import { styleText } from 'node:util';

const coloured = (style, text) =>
  process.stdout.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;

/** Four significant digits at most, and no exponent. */
function number(value) {
  const digits = Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value) || 1)) - 1);
  const text = value.toFixed(Math.min(digits, 4));
  return text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}

const spread = ({ value, low, high, unit }) =>
  `${number(value)} ${unit} (${number(low)} to ${number(high)})`;

/** Whether the samples lie so far apart that the machine must have been busy with something else. */
const unsteady = (row) => row !== undefined && row.high - row.low > 0.4 * row.value;

/** How many times as fast ours is: more is better for so many a second, less for times. */
function ratioOf(ours, theirs) {
  return ours.unit.endsWith('/s') ? ours.value / theirs.value : theirs.value / ours.value;
}

/**
 * A line for each of our rows and each peer's row of that name: { section, ours, peer, theirs, ratio }.
 * A row without a counterpart stands alone.
 */
export function pair({ section, results: [ours, ...peers] }) {
  const theirRows = peers.flatMap(({ who, rows }) =>
    rows.map((theirs) => ({
      peer: theirs.variant ? `${who} ${theirs.variant}` : who,
      theirs,
    })),
  );
  const matched = ours.rows.flatMap((row) => {
    const rivals = theirRows.filter(({ theirs }) => theirs.name === row.name);
    if (rivals.length === 0) return [{ section, ours: row }];
    return rivals.map((rival) => ({
      section,
      ours: row,
      ...rival,
      ratio: ratioOf(row, rival.theirs),
    }));
  });
  const names = new Set(ours.rows.map(({ name }) => name));
  const alone = theirRows.filter(({ theirs }) => !names.has(theirs.name));
  return [...matched, ...alone.map((rival) => ({ section, ...rival }))];
}

function cells({ ours, peer, theirs, ratio }) {
  return [
    ours?.variant ? `${ours.name}, ${ours.variant}` : (ours ?? theirs).name,
    ours ? spread(ours) : '',
    ours?.peak ? `${((100 * ours.value) / ours.peak).toFixed(0)} % of peak` : '',
    peer ? `${peer} ${spread(theirs)}` : '',
    ratio ? `${ratio.toFixed(2)} x${unsteady(ours) || unsteady(theirs) ? ' ?' : '  '}` : '',
  ];
}

function printTable(lines) {
  const rows = lines.map(cells);
  // Our row stands in the first of its lines only.
  lines.forEach(({ ours }, index) => {
    if (index > 0 && ours && ours === lines[index - 1].ours) rows[index].fill('', 0, 3);
  });
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  lines.forEach(({ ratio }, index) => {
    const padded = rows[index].map((text, column) =>
      column === 4 ? text.padStart(widths[column]) : text.padEnd(widths[column]),
    );
    if (ratio) padded[4] = coloured(ratio >= 1 ? 'green' : 'red', padded[4]);
    console.log(`  ${padded.filter((_, column) => widths[column] > 0).join('  ')}`.trimEnd());
  });
}

/** `results`: { who, version, skipped, rows, text } of each contestant, ours first. */
export function printSection({ section, title, results }, json) {
  const lines = pair({ section, results });
  if (json) {
    for (const { who, version, skipped } of results) {
      if (version || skipped) console.log(JSON.stringify({ section, who, version, skipped }));
    }
    for (const line of lines) console.log(JSON.stringify(line));
    return;
  }
  console.log(`\n${coloured('bold', title)}`);
  if (lines.length > 0) printTable(lines);
  if (lines.some(({ ours, theirs, ratio }) => ratio && (unsteady(ours) || unsteady(theirs)))) {
    console.log('  ? samples far apart: the machine was busy, measure again before you believe it');
  }
  for (const { who, version, skipped, text } of results) {
    if (text) process.stdout.write(text);
    if (skipped) console.log(`  skipped: ${who} (${skipped})`);
    else if (version) console.log(coloured('dim', `  ${who}: ${version}`));
  }
}
