import type { EntityRef } from '@medkit/client';
import type { LogEntry, LogSeverity } from '@medkit/contract';
import { useEffect, useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { SeveritySelect } from '../logs/log-severity.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { LogWindow } from './log-rows.tsx';
import { LogSettings } from './log-settings.tsx';

const MAX_ROWS = 500;
const REFRESH_MS = 2000;

/** Recent log entries of an entity, newest last. Refreshed while the browser tab is visible. */
export function LogsTab({ entity }: { readonly entity: EntityRef }) {
  const mayChange = usePermission('configurations.write');
  return (
    <>
      <EntityLogs entity={entity} />
      {mayChange && <LogSettings entity={entity} />}
    </>
  );
}

function EntityLogs({ entity }: { readonly entity: EntityRef }) {
  const [severity, setSeverity] = useState<LogSeverity>('info');
  const [filter, setFilter] = useState('');
  const isVisible = useIsVisible();
  const list = useRoute(
    'listLogs',
    { entity, query: { severity, limit: MAX_ROWS } },
    isVisible ? { everyMs: REFRESH_MS } : {},
  );
  return (
    <Region
      title={texts.entities.tab.logs}
      aside={
        <div className="row">
          <SeveritySelect label={texts.entities.leastSeverity} value={severity} onChoose={setSeverity} />
          <label className="row">
            <span className="soft">{texts.entities.filter}</span>
            <input type="search" value={filter} onChange={(event) => setFilter(event.target.value)} />
          </label>
        </div>
      }
    >
      <Loaded query={list} height={400}>
        {({ items, 'x-medkit': about }) => {
          const matching = items.filter((entry) => matchesFilter(entry, filter)).slice(-MAX_ROWS);
          return (
            <>
              <PartialNotice about={about} />
              {matching.length === 0 ? (
                <p className="soft">{items.length === 0 ? texts.entities.noLogs : texts.entities.noMatch(filter)}</p>
              ) : (
                <LogWindow entries={matching} />
              )}
            </>
          );
        }}
      </Loaded>
    </Region>
  );
}

function matchesFilter({ message, logger_name }: LogEntry, filter: string): boolean {
  const wanted = filter.trim().toLowerCase();
  return message.toLowerCase().includes(wanted) || (logger_name ?? '').toLowerCase().includes(wanted);
}

/** Returns whether the browser tab is visible. */
function useIsVisible(): boolean {
  const [isVisible, setVisible] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    const onVisibility = () => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', onVisibility);
    return () => document.removeEventListener('visibilitychange', onVisibility);
  }, []);
  return isVisible;
}
