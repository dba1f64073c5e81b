/** Small helpers around the DOM. Text only ever goes in as text, styles only through the CSSOM. */

/**
 * Creates an element. A property that begins with "on" is a listener, any other an attribute
 * (`true`: present, `false` or nullish: absent).
 * @param {string} tag
 * @param {Record<string, unknown>} [props]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else setAttribute(node, name, value);
  }
  node.append(...children);
  return node;
}

/** @param {Element} node @param {string} name @param {unknown} value */
export function setAttribute(node, name, value) {
  if (value === false || value === null || value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value))
    node.setAttribute(name, value === true ? '' : value);
}

/** Leaves the node alone where it says so already: less layout, and no noise for screen readers. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {HTMLElement} node @param {string} name of a custom property @param {string | number} value */
export function setVariable(node, name, value) {
  node.style.setProperty(name, value);
}

/** Grows or shrinks `parent` to `count` children, made by `make(index)`. */
export function resize(parent, count, make) {
  while (parent.childElementCount > count) parent.lastElementChild.remove();
  while (parent.childElementCount < count) parent.append(make(parent.childElementCount));
  return parent.children;
}
