import type { PageName } from '../routes/pages.ts';
import { vendorResourcesOf } from './findings/vendor-resources.ts';

const TABS = ['data', 'operations', 'configurations', 'faults', 'logs', 'status', 'locks', 'findings'] as const;
export type Tab = 'overview' | (typeof TABS)[number];
export type TabPage = 'entity' | `entity.${(typeof TABS)[number]}`;

/** Returns the page of a tab. */
export function pageOfTab(tab: Tab): TabPage {
  return tab === 'overview' ? 'entity' : `entity.${tab}`;
}

/** Returns the tab that a page shows. */
export function tabOfPage(page: PageName | undefined): Tab {
  return TABS.find((tab) => page === `entity.${tab}`) ?? 'overview';
}

/** Returns the tabs of an entity, derived from the links and capabilities in its detail. */
export function tabsOf(detail: object): readonly Tab[] {
  const { capabilities } = detail as { readonly capabilities?: readonly { readonly name: string }[] | null };
  const names = new Set([...Object.keys(detail), ...(capabilities ?? []).map(({ name }) => name)]);
  const hasFindings = vendorResourcesOf(detail).length > 0;
  return ['overview', ...TABS.filter((tab) => (tab === 'findings' ? hasFindings : names.has(tab)))];
}
