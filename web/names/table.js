import { h, setText } from '../page/dom.js';

/**
 * A whole table of names: the place where a file is dropped or chosen. What happens to it then comes in
 * a script of its own.
 * @param {{ client: () => ReturnType<typeof import('../engine/client.js').createClient> | null }} actions
 */
export function createTable({ client }) {
  const title = h('h2', { id: 'table-title' });
  const lead = h('p', { class: 'lead' });
  const caveat = h('p', { class: 'lead' });
  const input = h('input', {
    type: 'file',
    id: 'table-file',
    class: 'hidden-visually',
    accept: '.csv,.tsv,.tab,.txt,text/csv,text/tab-separated-values,text/plain',
  });
  const choose = h('label', { class: 'button', for: 'table-file' });
  const place = h('div', { class: 'table-file' });
  const element = h(
    'section',
    { class: 'table', 'aria-labelledby': 'table-title' },
    title,
    lead,
    h('p', { class: 'table-choose' }, input, choose),
    place,
    caveat,
  );

  /** @type {ReturnType<typeof import('./table-file.js').createTableFile> | null} */
  let view = null;
  let latest;

  async function open(file) {
    if (!file) return;
    if (!view) {
      const script = await import('./table-file.js').catch(() => null);
      if (!script) {
        setText(place, latest.language.t('table.error.network'));
        return;
      }
      view ??= script.createTableFile(client);
      place.replaceChildren(view.element);
    }
    view.render(latest.state, latest.language);
    view.open(file);
  }

  input.addEventListener('change', () => {
    open(input.files[0]);
    input.value = ''; // the same file may be chosen again
  });

  const carriesFile = ({ dataTransfer }) =>
    latest?.state.view === 'names' && dataTransfer?.types.includes('Files');
  const mark = (over) => element.classList.toggle('is-target', over);
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
    element.scrollIntoView({ block: 'nearest' });
    open(event.dataTransfer.files[0]);
  });

  return {
    element,
    render(state, language) {
      const { t } = language;
      latest = { state, language };
      setText(title, t('table.title'));
      setText(lead, t('table.lead'));
      setText(choose, t('table.choose'));
      setText(caveat, t('table.caveat'));
      view?.render(state, language);
    },
  };
}
