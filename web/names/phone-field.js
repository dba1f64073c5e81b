import { h, setAttribute, setText } from '../page/dom.js';

/**
 * A telephone number, written as its country writes it while it is typed.
 * @param {(region: string) => void} foreign told the country of a typed calling code
 */
export function createPhoneField(foreign) {
  const label = h('label', { for: 'signup-phone' });
  const code = h('span', { class: 'calling-code', id: 'signup-code' });
  const input = h('input', {
    id: 'signup-phone',
    type: 'tel',
    dir: 'ltr',
    inputmode: 'tel',
    autocomplete: 'off',
    'aria-describedby': 'signup-code signup-phone-hint',
  });
  const hint = h('p', { class: 'hint', id: 'signup-phone-hint' });
  const element = h(
    'div',
    { class: 'field' },
    label,
    h('div', { class: 'with-code' }, code, input),
    hint,
  );

  let region = '';
  let phones = null;
  let language;
  let before = '';

  input.addEventListener('input', (event) => {
    if (!phones || event.isComposing) return;
    const { value, selectionStart } = input;
    let caret = countDigits(value.slice(0, selectionStart));
    let digits = value.replace(/[^\d+]/g, '');
    // Backspace over a space or bracket means the digit before it.
    if (event.inputType === 'deleteContentBackward' && digits === before && caret > 0) {
      digits = digits.slice(0, caret - 1) + digits.slice(caret);
      caret -= 1;
    }
    write(digits, caret);
  });

  function write(digits, caret) {
    before = digits;
    const { text, digits: count, region: typed } = phones.format(region, digits);
    if (input.value !== text) {
      input.value = text;
      if (caret !== undefined) input.setSelectionRange(...Array(2).fill(placeOf(text, caret)));
    }
    say(count);
    if (typed && typed !== region) foreign(typed);
  }

  function say(count) {
    const { t } = language;
    const lengths = region ? phones.numbering(region).lengths : [];
    const most = lengths.at(-1);
    const values = { digits: count, lengths: ranges(lengths) };
    if (!most) setText(hint, '');
    else if (!count) setText(hint, t('signup.digits', values));
    else if (count > most) setText(hint, t('signup.long', values));
    else if (lengths.includes(count)) setText(hint, t('signup.complete', values));
    else setText(hint, t('signup.typed', values));
    setAttribute(input, 'aria-invalid', count > most ? 'true' : null);
  }

  return {
    element,
    render(nextRegion, nextPhones, nextLanguage) {
      const same = nextRegion === region && nextPhones === phones && nextLanguage === language;
      [region, phones, language] = [nextRegion, nextPhones, nextLanguage];
      if (same) return;
      setText(label, language.t('signup.phone'));
      const plan = phones && region ? phones.numbering(region) : null;
      setText(code, plan ? `+${plan.callingCode}` : '+');
      setAttribute(input, 'placeholder', plan?.example ?? '');
      if (phones) write(before);
    },
  };
}

const countDigits = (text) => text.replace(/[^\d+]/g, '').length;

/** Where the caret stands after `count` digits of the formatted text. */
function placeOf(text, count) {
  let place = 0;
  for (let seen = 0; place < text.length && seen < count; place++)
    if (/[\d+]/.test(text[place])) seen++;
  return place;
}

/** [4, 5, 6, 9] as "4–6", "9" */
function ranges(lengths) {
  const runs = [];
  for (const length of lengths) {
    const run = runs.at(-1);
    if (run && run.to === length - 1) run.to = length;
    else runs.push({ from: length, to: length });
  }
  return runs.flatMap(({ from, to }) =>
    to - from > 1 ? `${from}–${to}` : from === to ? `${from}` : [`${from}`, `${to}`],
  );
}
