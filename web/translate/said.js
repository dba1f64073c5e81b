import { currentAnswer, linkedWith, outputOf } from './answer.js';

/** What a screen reader hears of the translation; of a word in focus, what it is linked with. */
export function describeTranslation({ translation }, { t, and, percent }) {
  const { composing, look, picked } = translation;
  const answer = currentAnswer(translation);
  if (composing || !answer?.sentences.length) return null;
  if (!look) return { text: t('translate.announce'), quoted: outputOf(answer, picked), lang: 'fr' };
  if (picked[look.sentence]) return null;
  const sentence = answer.sentences[look.sentence];
  const words = look.side === 'source' ? sentence.sources : sentence.targets;
  const { text: word, copied } = words[look.word];
  if (copied) return { text: t('translate.announce-copied', { word, kind: copied }) };
  const items = linkedWith(sentence, look).map(({ text, share }) => `${text} ${percent(share)}`);
  if (!items.length) return null;
  return { text: t('translate.announce-word', { word, items: and(items) }) };
}
