const EVERY = 400; // milliseconds, while the networks learn
const LETTERS_MOST = 40; // of a name that are drawn

/**
 * Keeps what is inside the networks at hand for one or two names, asked anew as they learn.
 * @param {(cell: string, action: string, payload: object) => Promise<unknown>} ask
 * @param {() => void} drawn something is new
 *
 * @typedef {import('../../wasm/recur-trainer.js').Inspection} Inspection
 * @typedef {{ now: Inspection, start?: Inspection, text: string, label?: string }} Found
 */
export function createInspecting(ask, drawn) {
  /** By cell and place, 0 or 1. @type {Map<string, { key: string, found: Found | null, asking: boolean, at: number }>} */
  const looks = new Map();
  let timer;

  /** What there is of a cell and name; asks for what is newer. */
  function look(network, made, place, text, label) {
    const name = `${network.cell} ${place}`;
    if (!looks.has(name)) looks.set(name, { key: '', found: null, asking: false, at: -EVERY });
    const entry = looks.get(name);
    if (entry.made !== made) Object.assign(entry, { made, found: null, key: '', start: null });
    const read = Array.from(text.trim()).slice(0, LETTERS_MOST).join('');
    const key = `${network.step} ${read} ${label}`;
    if (entry.key !== key && !entry.asking && network.info) {
      const wait = network.phase === 'running' ? entry.at + EVERY - performance.now() : 0;
      if (wait > 0) {
        clearTimeout(timer);
        timer = setTimeout(drawn, wait);
      } else fetch(entry, network.cell, key, read, label);
    }
    return entry.found?.text === read ? entry.found : null;
  }

  async function fetch(entry, cell, key, text, label) {
    const { made } = entry;
    entry.asking = true;
    const known = entry.start?.text === text && entry.start.label === label;
    const start = label !== undefined && !known;
    const reply = await ask(cell, 'inspect', { text, label, start }).catch(() => null);
    entry.asking = false;
    entry.at = performance.now();
    if (entry.made === made) {
      entry.key = key;
      if (start && reply) entry.start = { text, label, was: reply.start };
      entry.found = reply && { ...reply, start: label && entry.start?.was, text, label };
    }
    drawn();
  }

  return { look };
}
