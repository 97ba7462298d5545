import type { FaultListItem, FleetIssue, FleetRobot, Found } from '@medkit/contract';
import { entityOf } from '../routes/entity-of.ts';
import { addressOf, KIND_OF_COLLECTION, PAGES, type PageName, pageOfHref } from '../routes/pages.ts';

/** A search result; a result without address is shown as text. */
export interface SearchHit {
  readonly kind: Found['kind'] | 'page' | 'recent' | 'robot' | 'issue';
  readonly name: string;
  /** Entity of the result, and its other name. */
  readonly detail: string;
  readonly address: string | undefined;
}

/** Results of one kind; groups are in order of their best result. */
export interface SearchGroup {
  readonly kind: SearchHit['kind'];
  readonly items: readonly SearchHit[];
}

/**
 * Returns the page of a result. For a parameter, returns the page of all parameters of its entity with the parameter as
 * fragment.
 */
export function addressOfFound({ kind, href }: Pick<Found, 'kind' | 'href'>): string | undefined {
  if (kind !== 'configuration') return pageOfHref(href);
  const [, collection, id, item] = /^\/api\/v1\/(\w+)\/([^/]+)\/configurations\/([^/?#]+)$/.exec(href) ?? [];
  if (collection === undefined || !Object.hasOwn(KIND_OF_COLLECTION, collection)) return undefined;
  const page = pageOfHref(`/api/v1/${collection}/${id}/configurations`);
  return page && `${page}#${item}`;
}

/** Converts search results for the list. */
export function findItems(found: readonly Found[]): readonly SearchHit[] {
  return found.map((item) => ({
    kind: item.kind,
    ...namesOf(item),
    address: addressOfFound(item),
  }));
}

/** A fault is listed by its code, everything else by its name. */
function namesOf({ kind, id, name, entity }: Found): Pick<SearchHit, 'name' | 'detail'> {
  const [first, second] = kind === 'fault' ? [id, name] : [name, id];
  return { name: first, detail: [second === first ? '' : second, entity?.name ?? ''].filter(Boolean).join(' · ') };
}

/** Returns the faults that are not among the results yet. */
export function otherFaults(found: readonly SearchHit[], faults: readonly FaultListItem[]): readonly SearchHit[] {
  const known = new Set(found.map(({ address }) => address));
  return faults.flatMap((fault): readonly SearchHit[] => {
    const entity = entityOf(fault);
    const address = entity && addressOf('fault', { ...entity, code: fault.fault_code });
    if (address === undefined || known.has(address)) return [];
    const detail = [fault.description ?? '', entity?.id ?? ''].filter(Boolean).join(' · ');
    return [{ kind: 'fault', name: fault.fault_code, detail, address }];
  });
}

/** Converts robots of a hub for the list. */
export function robotHits(robots: readonly Pick<FleetRobot, 'id' | 'site'>[]): readonly SearchHit[] {
  return robots.map(({ id, site }) => ({
    kind: 'robot',
    name: id,
    detail: site ?? '',
    address: addressOf('fleet.robot', { robot: id }),
  }));
}

/** Converts issues of a hub for the list. */
export function issueHits(
  issues: readonly Pick<FleetIssue, 'id' | 'rule' | 'fault_code' | 'entity_id'>[],
): readonly SearchHit[] {
  return issues.map(({ id, rule, fault_code: code, entity_id: entity }) => ({
    kind: 'issue',
    name: rule ?? code ?? id,
    detail: entity ?? '',
    address: addressOf('issue', { issue: id }),
  }));
}

/** Returns the pages of the application whose names contain all words. */
export function matchingPages(typed: string, names: Readonly<Record<string, unknown>>): readonly SearchHit[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return (Object.keys(PAGES) as PageName[]).flatMap((page): readonly SearchHit[] => {
    const name = Object.hasOwn(names, page) ? names[page] : undefined;
    if (typeof name !== 'string' || PAGES[page].includes('{')) return [];
    const text = `${name} ${page}`.toLowerCase();
    if (!wanted.every((word) => text.includes(word))) return [];
    return [{ kind: 'page', name, detail: '', address: addressOf(page as 'home', {}) }];
  });
}

/** Groups results by kind. */
export function grouped(items: readonly SearchHit[]): readonly SearchGroup[] {
  const kinds = [...new Set(items.map(({ kind }) => kind))];
  return kinds.map((kind) => ({ kind, items: items.filter((item) => item.kind === kind) }));
}
