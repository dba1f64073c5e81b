/** What is to be known of a weight file without fetching it. */
export interface WeightFile {
  /** `recur-models/<name>` is a module whose default export is the file's URL. */
  readonly name: string;
  /** `recur-models/<file>` is the file. */
  readonly file: string;
  readonly kind: 'classifier' | 'translator';
  readonly title: string;
  readonly parameters: number;
  readonly bytes: number;
  /** Of the file, in hexadecimal digits. */
  readonly sha256: string;
  readonly license: string;
  readonly attribution: string;
}

declare const index: readonly WeightFile[];
export default index;
