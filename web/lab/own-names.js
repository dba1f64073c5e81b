import { h, setAttribute, setText } from '../page/dom.js';
import { createField } from './fields.js';

/** More than this is refused, in bytes: each network holds all of it. */
const LARGEST = 20e6;
const SAID = ['utf16', 'empty', 'memory'];

/** One's own names: a file that is dropped or chosen, or lines that are pasted. */
export function createOwnNames({ useOwn, keep }) {
  const title = h('h2', { id: 'lab-own-title' });
  const lead = h('p', { class: 'lead' });
  const input = h('input', {
    type: 'file',
    id: 'lab-own-file',
    class: 'hidden-visually',
    accept: '.csv,.tsv,.tab,.txt,text/csv,text/tab-separated-values,text/plain',
    onchange: () => {
      if (input.files[0]) take(input.files[0]);
      input.value = ''; // the same file may be chosen again
    },
  });
  const choose = h('label', { class: 'button', for: 'lab-own-file' });
  const pasteLabel = h('label', { for: 'lab-own-text' });
  const paste = h('textarea', {
    id: 'lab-own-text',
    rows: 6,
    spellcheck: 'false',
    placeholder: 'Nakamura\tJapan\nKowalczyk\tPoland',
  });
  const use = h('button', { type: 'button', class: 'button is-quiet', onclick: usePasted });
  const about = h('p', { class: 'table-about' });
  const name = createField('own-name', (value) => again({ name: Number(value) }));
  const label = createField('own-label', (value) => again({ label: Number(value) }));
  const header = h('input', {
    type: 'checkbox',
    onchange: () => again({ header: header.checked }),
  });
  const headerSaid = h('span');
  const kept = h('input', { type: 'checkbox', onchange: () => keep(kept.checked) });
  const keptSaid = h('span');
  const columns = h(
    'div',
    { class: 'lab-fields' },
    name.element,
    label.element,
    h('label', { class: 'check' }, header, headerSaid),
    h('label', { class: 'check' }, kept, keptSaid),
  );
  const status = h('p', { class: 'lab-note', role: 'status' });
  const element = h(
    'section',
    { class: 'lab-own', 'aria-labelledby': 'lab-own-title' },
    title,
    lead,
    h(
      'div',
      { class: 'own-ways' },
      h('p', {}, input, choose),
      h('div', {}, pasteLabel, paste, h('p', {}, use)),
    ),
    about,
    columns,
    status,
  );
  let latest;

  async function take(file) {
    if (file.size > LARGEST) {
      useOwn({ bytes: new Uint8Array(), name: file.name, kept: false, large: true });
      return;
    }
    useOwn({ bytes: new Uint8Array(await file.arrayBuffer()), name: file.name, kept: false });
  }

  function usePasted() {
    if (!paste.value.trim()) return paste.focus();
    useOwn({ bytes: new TextEncoder().encode(paste.value), name: '', kept: false });
  }

  /** The same with other columns. */
  function again(patch) {
    const { own } = latest;
    useOwn(own, { ...own.read.chosen, ...patch });
  }

  const carriesFile = ({ dataTransfer }) =>
    latest?.view === 'lab' && dataTransfer?.types.includes('Files');
  const mark = (over) => document.getElementById('lab-view').classList.toggle('is-target', over);
  addEventListener('dragover', (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    mark(true);
  });
  addEventListener('dragleave', ({ relatedTarget }) => mark(relatedTarget !== null));
  addEventListener('drop', (event) => {
    mark(false);
    if (!carriesFile(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });

  return {
    element,
    render(look, language) {
      latest = look;
      const { settings, own } = look;
      const { t, bytes } = language;
      element.hidden = settings.data !== 'own';
      if (element.hidden) return;
      setText(title, t('lab.own'));
      setText(lead, t('lab.own.lead'));
      setText(choose, t('table.choose'));
      setText(pasteLabel, t('lab.own.paste'));
      setText(use, t('lab.own.use'));
      const size = own ? bytes(own.bytes.length) : '';
      setText(
        about,
        own ? (own.name ? `${own.name} (${size})` : t('lab.own.pasted', { size })) : '',
      );
      columns.hidden = !own?.read;
      if (own?.read) {
        const { columns: heads, chosen } = own.read;
        const all = heads.map((_, i) => i);
        const headOf = (i) => heads[i] || String(Number(i) + 1);
        name.render(t('lab.own.name'), all, chosen.name, headOf);
        label.render(t('lab.own.label'), all, chosen.label, headOf);
        header.checked = chosen.header;
        setText(headerSaid, t('lab.own.header'));
        kept.checked = own.kept;
        setText(keptSaid, t('lab.own.keep'));
      }
      setText(status, own ? statusOf(own, language) : '');
      setAttribute(status, 'data-kind', own?.fault ? 'fault' : null);
    },
  };
}

function statusOf({ read, fault, large }, { t, integer }) {
  if (large) return t('lab.own.large');
  if (fault === 'lines') {
    const { faults, faulty } = read;
    const lines = faults.map(({ line, kind }) => t(`lab.own.fault.${kind}`, { line }));
    return t('lab.own.faults', { lines, more: faulty - faults.length });
  }
  if (fault && read) return t(`lab.own.${fault}`);
  if (fault) return t(SAID.includes(fault) ? `table.error.${fault}` : 'table.error.failed');
  return t('lab.own.read', { count: read.count, labels: integer(read.labels.length) });
}
