/**
 * Whether an element is in view, or nearly.
 * @param {Element} element
 * @param {() => void} drawn it came into view
 */
export function watchView(element, drawn) {
  let visible = false;
  let seen = false;
  new IntersectionObserver(
    ([{ isIntersecting }]) => {
      visible = isIntersecting;
      seen ||= visible;
      if (visible) drawn();
    },
    { rootMargin: '200px' },
  ).observe(element);

  return {
    get visible() {
      return visible;
    },
    /** Whether to draw it: in view, and before it ever was, when nothing is asked but all has its name. */
    get isDue() {
      return visible || !seen;
    },
  };
}
