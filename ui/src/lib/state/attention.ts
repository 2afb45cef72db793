import type { Attention } from '../api-types';
import { t } from '../i18n/index.svelte';

/**
 * What the tray and a notification say when `count` things wait. A notification is raised when there are
 * more than `before`, which is null while nobody counted yet: what waited already when the program
 * started is no news.
 */
export function attention(count: number, before: number | null, notifies: boolean): Attention {
  const isNews = before !== null && count > before;
  const label = count > 0 ? t('attention.waiting', { count }) : t('attention.none');
  return {
    count,
    label,
    open: t('attention.open'),
    quit: t('attention.quit'),
    notice: isNews && notifies ? { title: t('app.name'), body: t('attention.notice', { count }) } : null,
  };
}
