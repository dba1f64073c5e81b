import { linkedWith, outputOf } from './answer.js';

/** What a screen reader hears of the translation; of a word in focus, what it is linked with. */
export function describeTranslation({ translation }, { t, and, percent }) {
  const { answers, model, text, composing, look, picked } = translation;
  const answer = answers[model];
  if (composing || answer?.text !== text || !answer.sentences.length) return null;
  if (!look) return { text: t('translate.announce'), quoted: outputOf(answer, picked), lang: 'fr' };
  if (picked[look.sentence]) return null;
  const sentence = answer.sentences[look.sentence];
  const words = look.side === 'source' ? sentence.sources : sentence.targets;
  const items = linkedWith(sentence, look).map((word) => `${word.text} ${percent(word.share)}`);
  if (!items.length) return null;
  return { text: t('translate.announce-word', { word: words[look.word].text, items: and(items) }) };
}
