const once = (bring) => {
  let promise;
  return () => (promise ??= bring());
};

/**
 * The scripts of the views that come later. Each is asked for once: WebKit hands a module that two ask for
 * to the second before it has run.
 */
export const SCRIPTS = {
  translate: once(() => import('../translate/index.js')),
  lab: once(() => import('../lab/index.js')),
};
