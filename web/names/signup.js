import { createTurns } from '../engine/turns.js';
import { SURE, suggestRegions } from './countries.js';
import { h, setAttribute, setText } from '../page/dom.js';
import { flagOf } from './flags.js';
import { createPhoneField } from './phone-field.js';

/**
 * A sign-up form that takes the hint: the likely countries come first in its list and the likeliest is
 * filled in, until the person says otherwise. From then on the name changes nothing any more.
 */
export function createSignup() {
  const title = h('h2', { id: 'signup-title' });
  const name = createField(
    'signup-name',
    h('output', { id: 'signup-name', for: 'name', dir: 'auto' }),
  );
  const select = h('select', {
    id: 'signup-country',
    autocomplete: 'off',
    'aria-describedby': 'signup-country-hint',
  });
  const flag = h('img', { class: 'flag', alt: '', width: 24, height: 16 });
  const country = createField('signup-country', h('div', { class: 'with-flag' }, flag, select));
  const reset = h('button', { type: 'button', class: 'link', onclick: () => own(null) });
  const hint = h('p', { class: 'hint', id: 'signup-country-hint' });
  country.element.append(hint, reset);
  const small = h('p', { class: 'private' });
  const options = createOptions(select);

  /** What the person chose; null: nothing, so the name decides. */
  let chosen = null;
  let guess = '';
  /** Numbering plans and flags, once loaded. */
  let phones = null;
  let language;

  const phone = createPhoneField((region) => own(region));
  const element = h(
    'form',
    {
      class: 'signup',
      'aria-labelledby': 'signup-title',
      autocomplete: 'off',
      onsubmit: (event) => event.preventDefault(),
    },
    title,
    name.element,
    country.element,
    phone.element,
    small,
  );

  select.addEventListener('input', () => own(select.value));

  function own(region) {
    const hadFocus = document.activeElement === reset;
    chosen = region;
    show();
    if (hadFocus) select.focus(); // the button is gone
  }

  function show() {
    const { t } = language;
    const region = chosen ?? guess;
    if (select.value !== region) select.value = region;
    setAttribute(flag, 'src', (region && flagOf(region)) || null);
    const origin = chosen !== null ? 'own' : guess ? 'from-name' : 'unsure';
    setText(hint, t(`signup.${origin}`));
    setText(reset, t('signup.reset'));
    reset.hidden = chosen === null;
    phone.render(region, phones, language);
  }

  let wanted = false;
  async function loadPhones() {
    wanted = true;
    phones = await import('./phone.js').catch(() => null);
    wanted = phones !== null;
    await createTurns().next(); // there are many options
    if (phones) options.setAll(phones.regions, language);
    show();
  }

  return {
    element,
    render(state, now) {
      const { t } = (language = now);
      const { answer, text } = state;
      setText(title, t('signup.title'));
      setText(name.label, t('signup.name'));
      setText(name.control, text.trim() || '\u00A0');
      setText(country.label, t('signup.country'));
      setText(small, t('signup.private'));
      const ranking = answer?.ranking ?? [];
      const suggested = suggestRegions(ranking);
      guess = ranking[0]?.probability >= SURE && suggested.length ? suggested[0] : '';
      options.render(suggested, phones?.regions ?? [], language);
      show();
      if (answer && !wanted) loadPhones();
    },
  };
}

/** A control with its label. */
function createField(id, control) {
  const label = h('label', { for: id });
  return { element: h('div', { class: 'field' }, label, control), label, control };
}

/** The options: none, the suggested, all. A list that did not change is left alone. */
function createOptions(select) {
  const none = h('option', { value: '' });
  const suggestedGroup = h('optgroup');
  const allGroup = h('optgroup');
  select.append(none, suggestedGroup, allGroup);
  let drawn = {};

  const optionsOf = (regions, { regionName }) =>
    regions.map((region) => h('option', { value: region }, regionName(region)));

  function setAll(regions, language) {
    const named = optionsOf(regions, language).map((option) => [option.textContent, option]);
    const sorted = named.sort(([a], [b]) => language.compare(a, b));
    allGroup.replaceChildren(...sorted.map(([, option]) => option));
  }

  return {
    setAll,
    render(suggested, regions, language) {
      const { t, locale } = language;
      const list = suggested.join();
      if (drawn.list !== list || drawn.locale !== locale) {
        const { value } = select;
        suggestedGroup.replaceChildren(...optionsOf(suggested, language));
        select.value = value;
      }
      if (drawn.locale !== locale) {
        setText(none, t('signup.choose'));
        suggestedGroup.label = t('signup.suggested');
        allGroup.label = t('signup.all');
        const { value } = select;
        setAll(regions, language);
        select.value = value;
      }
      suggestedGroup.hidden = !suggested.length;
      drawn = { list, locale };
    },
  };
}
