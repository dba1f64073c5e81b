import type { Classification, Classifications, Classifier, ClassifyOptions } from './recur.js';

/**
 * Classifiers of the same labels, in the same order, that answer together, by the mean of the logarithms
 * of their probabilities, normalised: what `classify` does natively with several `--model`. Throws a
 * `TypeError` for none, or for other labels. They stay the caller's to free.
 */
export function together(classifiers: readonly Classifier[]): Together;

export interface Together {
  /** In the order of every `probabilities` array. */
  readonly labels: readonly string[];
  /**
   * The classifiers that answer from the letters decide; where there are none, those that answer from the
   * script. Of the first of these is all but `ranking`, `steps` and `each`.
   */
  classify(text: string, options?: ClassifyOptions): TogetherClassification;
  /** As that of one. */
  classifyMany(
    texts: readonly string[],
    options?: Pick<ClassifyOptions, 'whole' | 'prior'>,
  ): Promise<Classifications>;
}

export interface TogetherClassification extends Classification {
  /** What each classifier says alone, all labels ranked. */
  each: Classification[];
}
