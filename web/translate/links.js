const SVG = 'http://www.w3.org/2000/svg';
const HANG = 28; // pixels that a line hangs below words side by side

/**
 * Lines from the word that is looked at to those that it is linked with, the darker the stronger. They
 * are drawn in `place` from how its words are lit, so this is rendered after them.
 * @param {HTMLElement} place
 */
export function createLinks(place) {
  const element = document.createElementNS(SVG, 'svg');
  element.setAttribute('class', 'links');
  element.setAttribute('aria-hidden', 'true');
  let looking = null;

  const lit = (side) =>
    Array.from(place.querySelectorAll(`.${side} .word`))
      .map((word) => ({ word, light: Number(word.style.getPropertyValue('--light')) }))
      .filter(({ light }) => light > 0);

  function draw() {
    const sources = looking ? lit('mirror') : [];
    const targets = looking ? lit('french') : [];
    const frame = place.getBoundingClientRect();
    const lines = sources.flatMap((source) =>
      targets.map((target) => {
        const line = document.createElementNS(SVG, 'path');
        line.setAttribute('d', curve(boxOf(source.word, frame), boxOf(target.word, frame)));
        line.style.opacity = String(source.light * target.light);
        return line;
      }),
    );
    element.replaceChildren(...lines);
  }

  new ResizeObserver(() => {
    if (looking) draw();
  }).observe(place);

  return {
    element,
    render({ translation }) {
      if (!looking && !translation.look) return;
      looking = translation.look;
      draw();
    },
  };
}

/** The last line's box of a word, in the frame. */
function boxOf(word, frame) {
  const box = Array.from(word.getClientRects()).at(-1);
  return {
    x: (box.left + box.right) / 2 - frame.left,
    top: box.top - frame.top,
    bottom: box.bottom - frame.top,
  };
}

/** From a word to one below it straight down, to one beside it in an arc that hangs below both. */
function curve(from, to) {
  if (from.bottom < to.top) {
    const middle = (from.bottom + to.top) / 2;
    return `M${from.x} ${from.bottom}C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.top}`;
  }
  const low = Math.max(from.bottom, to.bottom) + HANG;
  return `M${from.x} ${from.bottom}C${from.x} ${low} ${to.x} ${low} ${to.x} ${to.bottom}`;
}
