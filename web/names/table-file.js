import { detectFlavour } from '../../build/wasm/recur.js';
import { MODULES, TABLE } from '../engine/assets.js';
import { fetchFile } from '../engine/fetch.js';
import { createRow, fillRow } from './rows.js';
import { h, resize, setAttribute, setText } from '../page/dom.js';
import { ALL, leadingWeights } from '../page/state.js';

/** More than this in one file is refused, in bytes: the table and its answers are held in memory. */
const LARGEST = 100e6;
const TOPS = [1, 3, 5];
/** Messages of errors that people can do something about. */
const SAID = ['utf16', 'empty', 'memory', 'large', 'network'];

/**
 * One file of names: which column they are in, how far it is, and the file that comes back.
 * @param {() => ReturnType<typeof import('../engine/client.js').createClient> | null} client
 */
export function createTableFile(client) {
  const about = h('p', { class: 'table-about' });
  const column = h('select', { id: 'table-column' });
  const columnLabel = h('label', { for: 'table-column' });
  const begins = h('p', { class: 'hint', id: 'table-begins' });
  setAttribute(column, 'aria-describedby', 'table-begins');
  const top = h(
    'select',
    { id: 'table-top' },
    ...TOPS.map((count) => h('option', { value: count }, String(count))),
  );
  top.value = '3';
  const topLabel = h('label', { for: 'table-top' });
  const start = h('button', { type: 'button', class: 'button', onclick: run });
  const form = h(
    'div',
    { class: 'table-form' },
    h('div', { class: 'field' }, columnLabel, column, begins),
    h('div', { class: 'field' }, topLabel, top),
    start,
  );
  const progress = h('progress', { max: 1 });
  const rows = h('p', { class: 'table-rows' });
  const cancel = h('button', { type: 'button', class: 'link', onclick: () => stop?.abort() });
  const running = h('div', { class: 'table-running' }, progress, rows, cancel);
  const status = h('p', { class: 'table-status', role: 'status' });
  const save = h('a', { class: 'button' });
  const again = h('button', { type: 'button', class: 'link', onclick: () => show('open') });
  const counts = h('ol', { class: 'ranking small' });
  const done = h('div', { class: 'table-done' }, h('p', {}, save, ' ', again), counts);
  const element = h('div', {}, about, form, running, status, done);
  column.addEventListener('input', () => draw());

  let phase = 'none'; // open, running, done, failed
  /** @type {{ name: string, size: number, columns: string[], preview: string[][] } | null} */
  let file = null;
  let far = { rows: 0, share: 0 };
  /** @type {{ blob: Blob, rows: number, milliseconds: number, counts: [string, number][] } | null} */
  let result = null;
  let message = () => '';
  let stop = null;
  let opened = 0;
  let latest;

  function show(next, say = () => '') {
    const hadFocus = element.contains(document.activeElement);
    phase = next;
    message = say;
    draw();
    // What had the focus may be gone.
    if (hadFocus || next === 'done')
      ({ open: start, running: cancel, done: save })[next]?.focus({ preventScroll: true });
  }

  function fail(error) {
    const { message: key } = error;
    const kind = SAID.includes(key) ? key : error.kind === undefined ? 'failed' : 'network';
    show('failed', ({ t }) => t(`table.error.${kind}`));
  }

  async function open(chosen) {
    stop?.abort();
    const turn = ++opened;
    const { name, size } = chosen;
    try {
      if (size > LARGEST) throw new Error('large');
      const files = [TABLE, MODULES.trainer[await detectFlavour()]];
      const [wasmBinary, trainer] = await Promise.all(files.map((part) => fetchFile(part)));
      const { columns, guess, preview } = await client().call('openTable', {
        wasmBinary,
        trainer,
        file: chosen,
      });
      if (turn !== opened) return;
      file = { name, size, columns, preview };
      resize(column, 0);
      column.append(...columns.map((text, i) => h('option', { value: i }, text || String(i + 1))));
      column.value = guess;
      show('open');
      start.focus({ preventScroll: true });
    } catch (error) {
      if (turn !== opened) return;
      file = { name, size, columns: [], preview: [] };
      fail(error);
    }
  }

  async function run() {
    const { list, cell, prior } = latest.state;
    const wanted = { list, cell, prior, column: Number(column.value), top: Number(top.value) };
    stop = new AbortController();
    const { signal } = stop;
    far = { rows: 0, share: 0 };
    const begin = performance.now();
    const onPart = (part) => {
      far = part;
      draw();
    };
    show('running');
    try {
      const reply = await client().call('classifyTable', wanted, [], { signal, onPart });
      URL.revokeObjectURL(save.href);
      save.href = URL.createObjectURL(reply.blob);
      save.download = file.name.replace(/(\.[^.]*)?$/, '.labelled$1');
      result = { ...reply, milliseconds: performance.now() - begin };
      show('done', ({ t }) => t('table.done', result));
    } catch (error) {
      if (!signal.aborted) fail(error);
      else if (phase === 'running') show('open', ({ t }) => t('table.cancelled'));
    }
  }

  function draw() {
    const { state, language } = latest;
    const { t, bytes, integer, percentRound } = language;
    setText(about, file ? `${file.name} (${bytes(file.size)})` : '');
    setText(columnLabel, t('table.column'));
    setText(topLabel, t('table.top'));
    const values = file?.preview.map((row) => row[column.value] ?? '') ?? [];
    setText(begins, values.length > 0 ? t('table.begins', { values }) : '');
    setText(start, t('table.start'));
    start.disabled = !isReady(state);
    form.hidden = phase !== 'open';
    running.hidden = phase !== 'running';
    progress.value = far.share;
    setAttribute(progress, 'aria-label', t('table.start'));
    setText(rows, t('table.rows', { rows: integer(far.rows), percent: percentRound(far.share) }));
    setText(cancel, t('table.cancel'));
    setText(status, message(language));
    done.hidden = phase !== 'done';
    setText(save, t('table.save', { name: save.download }));
    setText(again, t('table.again'));
    drawCounts(language);
  }

  function drawCounts(language) {
    const shown = result?.counts ?? [];
    resize(counts, shown.length, createRow);
    shown.forEach(([label, count], i) => {
      const said = language.integer(count);
      fillRow(counts.children[i], { label, said, share: count / result.rows }, language);
    });
  }

  return {
    element,
    open,
    render(state, language) {
      latest = { state, language };
      draw();
    },
  };
}

/** All that answers is here, as far as it can be had. */
function isReady({ weights, list, cell }) {
  const coming = ({ phase }) => phase === 'waiting' || phase === 'loading';
  const waits = cell === ALL && Object.values(weights[list]).some(coming);
  return leadingWeights(weights, { list, cell }).phase === 'ready' && !waits;
}
