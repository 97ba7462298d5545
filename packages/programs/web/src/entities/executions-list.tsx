import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import './entity-table.css';
import type { EntityRef } from '@medkit/client';
import { StateChip, shortId } from './execution-view.tsx';

const MAX_ROWS = 20;
/** Limit for the executions of all operations of the entity; the list is then filtered by operation. */
const LIMIT = 100;
const REFRESH_MS = 2000;

interface ExecutionsListProps {
  readonly entity: EntityRef;
  readonly operation: string;
  readonly chosen: string | undefined;
}

/** Running and recent executions of an operation, started by any client. */
export function ExecutionsList({ entity, operation, chosen }: ExecutionsListProps) {
  const list = useRoute('listAllExecutions', { query: { entity: entity.id, limit: LIMIT } }, { everyMs: REFRESH_MS });
  return (
    <Region title={texts.entities.executions}>
      <Loaded query={list} height={120}>
        {({ items, 'x-medkit': about }) => {
          const executions = items.filter(({ operation_id }) => operation_id === operation).slice(0, MAX_ROWS);
          return (
            <>
              <PartialNotice about={about} />
              {executions.length === 0 ? (
                <p className="soft">{texts.entities.noExecutions}</p>
              ) : (
                <table className="entity-table entity-executions" aria-label={texts.entities.executions}>
                  <tbody>
                    {executions.map((execution) => (
                      <tr key={execution.id} className={execution.id === chosen ? 'entity-chosen' : ''}>
                        <th scope="row">
                          <Link
                            className="mono"
                            to={addressOf('entity.operation', { ...entity, operation }, { x: execution.id })}
                            {...(execution.id === chosen && { 'aria-current': 'true' as const })}
                          >
                            {shortId(execution.id)}
                          </Link>
                        </th>
                        <td>
                          <StateChip execution={execution as Parameters<typeof StateChip>[0]['execution']} />
                        </td>
                        <td>
                          <Time ms={timeMs(execution.started_at)} />
                        </td>
                        <td className="soft">{execution.error}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
            </>
          );
        }}
      </Loaded>
    </Region>
  );
}
