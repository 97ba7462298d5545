import type { EntityRef } from '@medkit/client';
import { addressOf } from '../../routes/pages.ts';

/** Prefix of resources that the contract does not define: plugins and vendors serve them. */
const PREFIX = 'x-';

/** Returns the names of the vendor resources that the detail of an entity announces, each once. */
export function vendorResourcesOf(detail: object): readonly string[] {
  const { capabilities } = detail as { readonly capabilities?: unknown };
  if (!Array.isArray(capabilities)) return [];
  const names = capabilities.map((capability): unknown => Object(capability).name);
  return [...new Set(names.filter((name) => typeof name === 'string' && name.startsWith(PREFIX)))] as string[];
}

/** Pages of vendor resources. Resources with `isOnlyThere` are not read: they are writable only, or measured on request. */
const PAGE_OF: Readonly<Record<string, { readonly page: FindingPage; readonly isOnlyThere: boolean }>> = {
  'x-medkit-graph': { page: 'graph.entity', isOnlyThere: true },
  'x-plc-data': { page: 'entity.data', isOnlyThere: false },
  'x-plc-operations': { page: 'entity.operations', isOnlyThere: true },
};
export type FindingPage = 'graph.entity' | 'entity.data' | 'entity.operations';

export interface LinkedPage {
  readonly page: FindingPage;
  readonly address: string;
  /** True if only that page shows the resource. */
  readonly isOnlyThere: boolean;
}

/** Returns the page that shows a vendor resource of an entity, or `undefined` if there is none. */
export function pageOfResource(entity: EntityRef, name: string): LinkedPage | undefined {
  const known = Object.hasOwn(PAGE_OF, name) ? PAGE_OF[name] : undefined;
  return known && { ...known, address: addressOf(known.page, entity) };
}
