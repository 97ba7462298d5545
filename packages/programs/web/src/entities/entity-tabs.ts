import type { PageName } from '../routes/pages.ts';

export const TABS = ['data', 'operations', 'configurations', 'faults', 'logs', 'status', 'locks'] as const;
export type Tab = 'overview' | (typeof TABS)[number];
export type TabPage = 'entity' | `entity.${(typeof TABS)[number]}`;

/** The page of a tab. */
export function pageOfTab(tab: Tab): TabPage {
  return tab === 'overview' ? 'entity' : `entity.${tab}`;
}

/** The tab that a page shows. */
export function tabOfPage(page: PageName | undefined): Tab {
  return TABS.find((tab) => page === `entity.${tab}`) ?? 'overview';
}

/** The tabs that an entity has, by what its detail has addresses of and what it lists as its capabilities. */
export function tabsOf(detail: object): readonly Tab[] {
  const { capabilities } = detail as { readonly capabilities?: readonly { readonly name: string }[] | null };
  const names = new Set([...Object.keys(detail), ...(capabilities ?? []).map(({ name }) => name)]);
  return ['overview', ...TABS.filter((tab) => names.has(tab))];
}
