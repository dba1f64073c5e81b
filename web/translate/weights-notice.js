/**
 * What to say while the weights of a translator are not here, and what can be done about it.
 * @param {import('../page/state.js').TranslatorName} name
 * @param {import('../page/state.js').State} state
 * @param {import('../i18n/index.js').Language} language
 * @param {{ load: (name: string, options?: object) => void, stop: (name: string) => void }} actions
 */
export function weightsNotice(name, { translation, online }, { t, bytes }, { load, stop }) {
  const { phase, loaded, total, kept, error } = translation.weights[name];
  const translator = t(`translate.the.${name}`);
  const size = bytes(total);
  switch (phase) {
    case 'absent':
      return { message: t('translate.absent', { translator }) };
    case 'loading': {
      if (loaded === total) return { message: t('load.starting'), share: 1 };
      const values = { translator, loaded: bytes(loaded), total: size };
      const message = t('translate.fetching', values);
      const button = { label: t('translate.stop'), press: () => stop(name) };
      return { message, share: loaded / total, button };
    }
    case 'failed': {
      const offline = error.kind === 'network' && !online;
      const message = offline
        ? t('translate.offline', { translator })
        : `${t('translate.failed', { translator })} ${t(`load.${error.kind}`)}`;
      const button = { label: t('load.retry'), press: () => load(name, { fresh: true }) };
      return { message, detail: error.message, alert: true, button };
    }
    default: {
      const message = t(kept ? 'translate.kept' : 'translate.size', { translator, size });
      const button = { label: t('translate.fetch', { size }), press: () => load(name) };
      return {
        message: phase === 'stopped' ? t('translate.stopped', { translator, size }) : message,
        button,
      };
    }
  }
}
