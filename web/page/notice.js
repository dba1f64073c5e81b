import { h, setAttribute, setText } from './dom.js';

/** What stands in the place of an answer while there is none: why, how far a download is, what to do. */
export function createNotice() {
  const text = h('p');
  const progress = h('progress', { max: 1 });
  const detail = h('p', { class: 'detail' });
  let press;
  const button = h('button', { type: 'button', class: 'button', onclick: () => press() });
  const element = h('div', { class: 'notice' }, text, progress, detail, button);

  return {
    element,
    /**
     * @param {{ message: string, share?: number, detail?: string, alert?: boolean,
     *   button?: { label: string, press: () => void } } | null} notice share: of a download, 0 to 1
     */
    show(notice) {
      const message = notice?.message ?? '';
      element.hidden = !notice;
      setAttribute(element, 'role', notice?.alert ? 'alert' : null);
      setText(text, message);
      progress.hidden = notice?.share === undefined;
      if (!progress.hidden) progress.value = notice.share;
      setAttribute(progress, 'aria-label', message);
      setText(detail, notice?.detail ?? '');
      detail.hidden = !notice?.detail;
      button.hidden = !notice?.button;
      setText(button, notice?.button?.label ?? '');
      press = notice?.button?.press;
    },
  };
}
