import type { EntityRef } from '@medkit/client';
import { type ComponentType, useEffect, useRef } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { PastPage } from '../past/earlier-state.tsx';
import { Failure } from '../regions/failure.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import { Boundary } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { usePlace, useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { ConfigurationsTab } from './configurations-tab.tsx';
import { DataTab } from './data-tab.tsx';
import './entities.css';
import { EntityHead } from './entity-head.tsx';
import { entityIn } from './entity-relations.ts';
import { pageOfTab, type Tab, tabOfPage, tabsOf } from './entity-tabs.ts';
import { FaultsTab } from './faults-tab.tsx';
import { FindingsTab } from './findings/findings-tab.tsx';
import { LocksTab } from './locks-tab.tsx';
import { LogsTab } from './logs-tab.tsx';
import { OperationsTab } from './operations-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { StatusTab } from './status-tab.tsx';

const TAB_VIEWS: Readonly<Record<Tab, ComponentType<{ readonly entity: EntityRef }>>> = {
  overview: OverviewTab,
  data: DataTab,
  operations: OperationsTab,
  configurations: ConfigurationsTab,
  faults: FaultsTab,
  logs: LogsTab,
  status: StatusTab,
  locks: LocksTab,
  findings: FindingsTab,
};

/** An entity page: the header and the tab selected by the URL. */
export function EntityPage({ kind, id }: ParametersOf<'entity'>) {
  const at = useSearch().get('at');
  return at === null ? <PresentEntity kind={kind} id={id} /> : <PastPage at={at} entity={id} />;
}

function PresentEntity({ kind, id }: ParametersOf<'entity'>) {
  const entity: EntityRef = { kind, id };
  const tab = tabOfPage(usePlace()?.page);
  const detail = useRoute('getEntity', { entity });
  const items = useRoute('getTree', {}).data?.items ?? [];
  const item = entityIn(items, entity);
  const Content = TAB_VIEWS[tab];
  return (
    <div className="stack entity-page">
      <EntityHead entity={entity} items={items} item={item} name={detail.data?.name ?? item?.name ?? id} />
      {detail.error && <Failure error={detail.error} again={detail.refetch} />}
      {detail.data && (
        <Tabs entity={entity} tab={tab} tabs={tabsOf(detail.data)} hasTriggers={'triggers' in detail.data} />
      )}
      {!detail.data && !detail.error && <Skeleton height={40} />}
      {detail.data && (
        <Boundary key={tab}>
          <Content entity={entity} />
        </Boundary>
      )}
    </div>
  );
}

/** Visible width of the tab to the left of the current one. */
const PEEK_PX = 48;

interface TabsProps {
  readonly entity: EntityRef;
  readonly tab: Tab;
  readonly tabs: readonly Tab[];
  /** Triggers of the entity are a filter of the page of all triggers. */
  readonly hasTriggers: boolean;
}

function Tabs({ entity, tab, tabs, hasTriggers }: TabsProps) {
  const counts = useCounts(entity, tabs);
  const nav = useRef<HTMLElement>(null);
  // On a phone, the current tab may be outside the visible part.
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>('[aria-current]');
    if (nav.current && current) nav.current.scrollLeft = current.offsetLeft - nav.current.offsetLeft - PEEK_PX;
  }, []);
  return (
    <nav ref={nav} aria-label={texts.entities.tabs} className="entity-tabs">
      {tabs.map((name) => (
        <Link key={name} to={addressOf(pageOfTab(name), entity)} {...(name === tab && { 'aria-current': 'page' })}>
          {texts.entities.tab[name]}
          {counts[name] !== undefined && <span className="number entity-count">{counts[name]}</span>}
        </Link>
      ))}
      {hasTriggers && (
        <Link to={addressOf('triggers', {}, { entity: addressOf('entity', entity).slice(1) })}>
          {texts.shell.triggers}
        </Link>
      )}
    </nav>
  );
}

/** Returns the number of items in a tab if a cheap request provides it. */
function useCounts(entity: EntityRef, tabs: readonly Tab[]): Partial<Record<Tab, number>> {
  const data = useRoute('listData', { entity }, { enabled: tabs.includes('data') }).data;
  const operations = useRoute('listOperations', { entity }, { enabled: tabs.includes('operations') }).data;
  const faults = useRoute('listFaults', { entity }, { enabled: tabs.includes('faults') }).data;
  return {
    ...(data && { data: data.items.length }),
    ...(operations && { operations: operations.items.length }),
    ...(faults && { faults: faults.items.length }),
  };
}
