/**
 * Makes the page's worker answer as a translator would that copies what is not language, whatever the
 * page was built with: so the page is tested for what it shows of that. Both sides of every call are
 * in the page's `window.asked`. Given to `page.addInitScript`.
 * @param {Record<string, { french: string, asIs?: string, spans?: [string, string][],
 *   alternatives?: string[], copied?: boolean }>} answers by English sentence; asIs: with the numbers
 *   as they stand
 */
export function doctorWorker(answers) {
  const calls = new Map();
  window.asked = [];

  const token = (text, piece, from = 0) => {
    const start = text.indexOf(piece, from);
    return { text: piece, start, end: start + piece.length };
  };
  const tokensOf = (text) =>
    Array.from(text.matchAll(/\S+/g), ({ 0: piece, index }) => token(text, piece, index));

  function doctored(sentence, { nbest, numbers }) {
    const answer = answers[sentence.source];
    if (!answer) return { ...sentence, spans: [], copied: false };
    const asIs = numbers === 'as-is' && answer.asIs;
    const text = asIs || answer.french;
    const sourceTokens = answer.copied ? [] : tokensOf(sentence.source);
    const targetTokens = answer.copied ? [] : tokensOf(text);
    const attention = new Float32Array(sourceTokens.length * targetTokens.length);
    targetTokens.forEach((_, row) => {
      attention[row * sourceTokens.length + Math.min(row, sourceTokens.length - 1)] = 1;
    });
    return {
      ...{ ...sentence, text, score: -0.5, sourceTokens, targetTokens, attention },
      alternatives: (answer.alternatives ?? [])
        .slice(0, nbest - 1)
        .map((other, i) => ({ text: other, score: -1 - i / 2 })),
      spans: (answer.spans ?? []).map(([read, written]) => ({
        source: token(sentence.source, read),
        target: token(text, asIs ? read : written),
      })),
      copied: answer.copied ?? false,
    };
  }

  window.Worker = class extends Worker {
    addEventListener(type, listener) {
      super.addEventListener(type, (event) => {
        const { id, result } = event.data ?? {};
        const call = type === 'message' && result !== undefined && calls.get(id);
        if (call?.action === 'translate')
          result.sentences = result.sentences.map((s) => doctored(s, call.payload.options));
        if (call?.action === 'loadTranslator') result.metadata = { 'recur.text.layer': 1 };
        listener(event);
      });
    }

    postMessage(message, transfer) {
      calls.set(message.id, message);
      if (message.action === 'translate') window.asked.push(message.payload);
      super.postMessage(message, transfer);
    }
  };
}

/** Sentences with all that is copied. */
export const COPYING = {
  'It costs $1,299.99 at https://example.com/a?b=1 😀': {
    french: 'Ça coûte 1 299,99 $ sur https://example.com/a?b=1 😀',
    asIs: 'Ça coûte $1,299.99 sur https://example.com/a?b=1 😀',
    spans: [
      ['$1,299.99', '1 299,99 $'],
      ['https://example.com/a?b=1', 'https://example.com/a?b=1'],
      ['😀', '😀'],
    ],
    alternatives: ['https://example.com/a?b=1 : 1 299,99 $ 😀'],
  },
  'Wanda Ellingsby': { french: 'Wanda Ellingsby', copied: true },
  bank: {
    french: 'banque',
    alternatives: [
      'rive',
      'Banque.',
      'berge',
      'banc',
      'talus',
      'digue',
      'bord',
      'rivage',
      'comptoir',
    ],
  },
};
