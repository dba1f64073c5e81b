/* Tables of names, by the C code of `classify --column`: all that is there stays as it is to the byte,
 * and columns are added behind. */

import { createTurns } from './turns.js';

const SLICE = 40; // milliseconds of work before others have their turn
const BATCH = 128; // names that are asked about together
const RECORDS = 4096; // that are held until they are answered
const CHUNK = 1 << 20;
const KEPT = 100_000; // answers to names, at most
const COMMONEST = 5;
const PREVIEWED = 3;

/** How headers call a column of family names, best first. */
const HEADERS = [
  /^(sur|last|family)[\s_-]*names?$/i,
  /^(nom( de famille)?|姓氏?|nachname|familienname|apellidos?|cognome|sobrenome|фамилия)$/i,
  /(sur|last|family)[\s_-]*name/i,
  /^(full[\s_-]*)?names?$|^(姓名|名字)$/i,
  /name|nom/i,
];

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** What is wrong with a table, as a key of i18n/. */
export class TableError extends Error {}

/**
 * @param {BufferSource} wasmBinary recur-table.wasm
 * @param {Uint8Array} bytes of the file
 * @throws {TableError} utf16, empty, memory
 */
export async function openTable(wasmBinary, bytes) {
  const { instance } = await WebAssembly.instantiate(wasmBinary);
  const { memory, table_room, table_begin, table_next, table_unquote, table_quote } =
    instance.exports;
  const size = bytes.length;
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new TableError('utf16');
  // Behind the table: what a field says, or a text and the field that is made of it.
  const beside = size;
  const room = table_room(2 * size + CHUNK) >>> 0;
  if (room === 0) throw new TableError('memory');
  const all = new Uint8Array(memory.buffer, room);
  all.set(bytes);
  const separator = table_begin(size);
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;

  /** @returns {{ bytes: number, end: number, fields: number } | null} end: without its line end */
  function recordAt(at, column) {
    const record = table_next(at, size, column) >>> 0;
    if (record === 0) return null;
    const [length, end, fields] = new Uint32Array(memory.buffer, record, 3);
    return { bytes: length, end, fields };
  }

  /** What the field of the last record's column says. */
  function fieldSaid() {
    return utf8.decode(all.subarray(beside, beside + table_unquote(beside)));
  }

  /** A text as a field of this table. @param {string} text */
  function fieldOf(text) {
    const { written } = encoder.encodeInto(text, all.subarray(beside, beside + CHUNK / 4));
    const out = beside + CHUNK / 4;
    const length = table_quote(beside, written, out);
    return utf8.decode(all.subarray(out, out + length));
  }

  function fieldsAt(at, count) {
    return Array.from({ length: count }, (_, column) => {
      recordAt(at, column);
      return fieldSaid();
    });
  }

  const header = recordAt(start, 0);
  if (!header) throw new TableError('empty');
  const columns = fieldsAt(start, header.fields);
  const body = start + header.bytes;

  function lineEnds(from, to) {
    let count = 0;
    for (let at = from; at < to; at++) if (all[at] === 10) count++;
    return count;
  }

  function previewed() {
    const rows = [];
    let at = body;
    for (let record; rows.length < PREVIEWED && (record = recordAt(at, 0)); at += record.bytes)
      if (record.end > 0) rows.push(fieldsAt(at, columns.length));
    return rows;
  }

  /** "label", "probability", "label_2"...; where the table has one of these, "predicted_label"... */
  function namesOfAdded(top) {
    const ends = Array.from({ length: top }, (_, i) => (i > 0 ? `_${i + 1}` : ''));
    const plain = ends.flatMap((end) => [`label${end}`, `probability${end}`]);
    const taken = plain.some((name) => columns.includes(name));
    return taken ? plain.map((name) => `predicted_${name}`) : plain;
  }

  return {
    columns,
    guess: guessColumn(columns),
    preview: previewed(),

    /**
     * Each record in turn; empty lines are none.
     * @param {number[]} wanted columns
     * @param {{ header: boolean }} options header: the first names the columns, and is left out
     * @yields {{ line: number, fields: (string | undefined)[] }} line: where it begins, from 1;
     *   fields: of the wanted columns, undefined where the record ends before
     */
    *records(wanted, { header: named }) {
      const from = named ? body : start;
      let line = 1 + lineEnds(start, from);
      for (let at = from, record; (record = recordAt(at, 0)); at += record.bytes) {
        if (record.end > 0) {
          const fields = wanted.map((column) => {
            if (column >= record.fields) return undefined;
            recordAt(at, column);
            return fieldSaid();
          });
          yield { line, fields };
        }
        line += lineEnds(at, at + record.bytes);
      }
    },

    /**
     * The table with the answers beside its names.
     * @param {(names: string[]) => Promise<import('../../wasm/recur.js').Ranked[][]>} answer to each, best
     *   first; empty: none
     * @param {{ column: number, top: number, signal: AbortSignal,
     *   progress: (done: { rows: number, share: number }) => void }} options
     * @returns {Promise<{ blob: Blob, rows: number, counts: [string, number][] }>} counts: of how many
     *   rows each of the commonest labels is the first
     */
    async classify(answer, { column, top, signal, progress }) {
      const between = String.fromCharCode(separator);
      const out = createBytes();
      const fields = (texts) =>
        encoder.encode(texts.map((text) => between + fieldOf(text)).join(''));
      const nothing = fields(Array(2 * top).fill(''));
      /** @type {Map<string, { first?: string, added: Uint8Array }>} by name */
      const answers = new Map();
      const counts = new Map();

      /** By label: there are few. */
      const labelFields = new Map();
      function labelField(label) {
        if (!labelFields.has(label)) labelFields.set(label, fieldOf(label));
        return labelFields.get(label);
      }

      function keep(name, ranking) {
        const texts = ranking.map(
          ({ label, probability }) =>
            between + labelField(label) + between + probability.toFixed(6),
        );
        const added = ranking.length > 0 ? encoder.encode(texts.join('')) : nothing;
        answers.set(name, { first: ranking[0]?.label, added });
      }

      /** The next records, until so many of their names have no answer yet. */
      function gather(from) {
        const records = [];
        const asked = new Set();
        let at = from;
        while (asked.size < BATCH && records.length < RECORDS) {
          const record = recordAt(at, column);
          if (!record) break;
          const name = record.end > 0 ? fieldSaid() : null;
          if (name !== null && !answers.has(name)) asked.add(name);
          records.push({ ...record, at, name });
          at += record.bytes;
        }
        return { records, asked: [...asked] };
      }

      function write({ at, bytes, end, fields: found, name }) {
        out.add(all.subarray(at, at + end));
        if (name !== null) {
          const { first, added } = answers.get(name);
          if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
          out.add(missing.subarray(0, Math.max(columns.length - found, 0)));
          out.add(added);
        }
        out.add(all.subarray(at + end, at + bytes));
      }

      out.add(all.subarray(0, start + header.end));
      out.add(fields(namesOfAdded(top)));
      out.add(all.subarray(start + header.end, body));
      const missing = encoder.encode(between.repeat(columns.length));
      const turns = createTurns();
      let rows = 0;
      let until = performance.now() + SLICE;
      for (let at = body; ;) {
        if (answers.size >= KEPT) answers.clear();
        const { records, asked } = gather(at);
        if (records.length === 0) break;
        const rankings = asked.length > 0 ? await answer(asked) : [];
        asked.forEach((name, i) => keep(name, rankings[i]));
        records.forEach(write);
        rows += records.length;
        at = records.at(-1).at + records.at(-1).bytes;
        if (performance.now() < until) continue;
        progress({ rows, share: at / size });
        await turns.next();
        signal.throwIfAborted();
        until = performance.now() + SLICE;
      }
      const commonest = [...counts].sort(([, a], [, b]) => b - a).slice(0, COMMONEST);
      return { blob: out.toBlob(), rows, counts: commonest };
    },
  };
}

/** @param {string[]} columns @returns {number} index of the one that most likely has family names */
export function guessColumn(columns) {
  for (const pattern of HEADERS) {
    const found = columns.findIndex((name) => pattern.test(name.trim()));
    if (found >= 0) return found;
  }
  return 0;
}

/** Bytes that grow at their end, in a few large pieces. */
function createBytes() {
  const full = [];
  let chunk = new Uint8Array(CHUNK);
  let used = 0;
  return {
    /** @param {Uint8Array} bytes */
    add(bytes) {
      if (used + bytes.length > chunk.length) {
        full.push(chunk.subarray(0, used));
        chunk = new Uint8Array(Math.max(CHUNK, bytes.length));
        used = 0;
      }
      chunk.set(bytes, used);
      used += bytes.length;
    },
    toBlob: () => new Blob([...full, chunk.subarray(0, used)]),
  };
}
