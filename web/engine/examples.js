/* Names to learn, out of any table with a column of names and one of labels. */

/** How headers call a column of labels. */
const LABELS =
  /^(labels?|class(es)?|categor(y|ies)|countr(y|ies)|nation(ality)?|origins?|languages?|pays|langue|catégorie|étiquette|origine|国家|标签|类别|语言|land|país|gender|genre|type|target)$/i;
const FAULTS_MAX = 3;

/**
 * @typedef {object} Examples
 * @property {string[][]} columns by column its head, or its first value
 * @property {{ name: number, label: number, header: boolean }} chosen columns, guessed unless told
 * @property {string} text `name<TAB>label` a line, what is wrong left out
 * @property {number} count of them
 * @property {string[]} labels
 * @property {{ line: number, kind: 'name' | 'label' | 'tab' }[]} faults the first few lines that lack one
 * @property {number} faulty how many there are
 *
 * @param {Awaited<ReturnType<typeof import('./table.js').openTable>>} table
 * @param {{ name: number, label: number, header: boolean } | null} columns null: to be guessed
 * @returns {Examples}
 */
export function readExamples(table, columns) {
  const chosen = columns ?? guess(table);
  const lines = [];
  const labels = new Set();
  const faults = [];
  let faulty = 0;
  for (const { line, fields } of table.records([chosen.name, chosen.label], chosen)) {
    const [name = '', label = ''] = fields.map((field) => field?.trim().replace(/\s+/g, ' '));
    const kind =
      fields[1] === undefined ? 'tab' : name === '' ? 'name' : label === '' ? 'label' : null;
    if (kind) {
      faulty++;
      if (faults.length < FAULTS_MAX) faults.push({ line, kind });
      continue;
    }
    lines.push(`${name}\t${label}`);
    labels.add(label);
  }
  const text = lines.map((line) => `${line}\n`).join('');
  const { columns: heads } = table;
  return { columns: heads, chosen, text, count: lines.length, labels: [...labels], faults, faulty };
}

/** The first line names the columns if it says "label" or the like; else all are data. */
export function guess({ columns, guess: named }) {
  const label = columns.findIndex((name) => LABELS.test(name.trim()));
  if (label < 0) return { name: 0, label: 1, header: false };
  const name = named !== label ? named : columns.findIndex((_, i) => i !== label);
  return { name: Math.max(name, 0), label, header: true };
}
