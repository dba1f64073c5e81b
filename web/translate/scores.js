/**
 * What the page tells of the main translator that it ships with: cased BLEU of sacreBLEU with beam 4, of
 * the file that ships, by the kind of text. The one place for these numbers; null: not measured yet. Printed by
 *
 *   ./run evaluate translate --model data/weights/en-fr.gguf --data FILE
 *
 * @type {Record<string, { file: string, pairs: number, bleu: number | null }>}
 */
export const SCORES = {
  everyday: { file: 'eng-fra.everyday.dev.tsv', pairs: 552, bleu: 56.89 },
  tatoeba: { file: 'eng-fra.dev.tsv', pairs: 2618, bleu: 50.32 },
  flores: { file: 'eng-fra.flores.dev.tsv', pairs: 997, bleu: 33.21 },
  news: { file: 'eng-fra.news.dev.tsv', pairs: 2996, bleu: 26.32 },
};
