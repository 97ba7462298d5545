import type { FaultListItem } from '@medkit/contract';
import { Severity } from '../controls/severity.tsx';
import { statusLabel } from '../faults/fault-columns.tsx';
import { isOver, statusOf } from '../faults/fault-state.ts';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import './entity-table.css';
import type { EntityRef } from '@medkit/client';

/** Maximum rows of a list of faults. */
const MAX_ROWS = 200;

/** Active faults of an entity, and past ones. */
export function FaultsTab({ entity }: { readonly entity: EntityRef }) {
  return (
    <>
      <Region title={texts.entities.standingFaults}>
        <FaultList entity={entity} />
      </Region>
      <Region title={texts.entities.pastFaults}>
        <FaultList entity={entity} isPast />
      </Region>
    </>
  );
}

interface FaultListProps {
  readonly entity: EntityRef;
  /** Shows healed and cleared faults instead of active ones. */
  readonly isPast?: boolean;
}

/** The faults of an entity, most severe first. */
export function FaultList({ entity, isPast = false }: FaultListProps) {
  const list = useRoute('listFaults', { entity, query: { status: 'all' } });
  return (
    <Loaded query={list} height={80}>
      {({ items, 'x-medkit': about }) => {
        const faults = items
          .filter((fault) => isOver(fault) === isPast)
          .sort((one, other) => other.severity - one.severity || (other.last_occurred ?? 0) - (one.last_occurred ?? 0));
        return (
          <>
            <PartialNotice about={about} />
            {faults.length === 0 ? (
              <p className="soft">{isPast ? texts.entities.noPastFaults : texts.entities.noFaults}</p>
            ) : (
              <FaultTable entity={entity} faults={faults.slice(0, MAX_ROWS)} />
            )}
            {faults.length > MAX_ROWS && (
              <Link to={addressOf('faults', {}, { q: entity.id })}>{texts.entities.allFaults(faults.length)}</Link>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function FaultTable({ entity, faults }: { readonly entity: EntityRef; readonly faults: readonly FaultListItem[] }) {
  return (
    <table className="entity-table" aria-label={texts.entities.tab.faults}>
      <thead>
        <tr>
          <th scope="col">{texts.entities.severity}</th>
          <th scope="col">{texts.entities.fault}</th>
          <th scope="col">{texts.entities.since}</th>
          <th scope="col">{texts.entities.last}</th>
          <th scope="col">{texts.entities.state}</th>
        </tr>
      </thead>
      <tbody>
        {faults.map((fault) => {
          const kind = fault.entity_type ?? entity.kind;
          const id = fault.entity_id ?? entity.id;
          return (
            <tr key={`${kind}/${id}/${fault.fault_code}`}>
              <td>
                <Severity severity={fault.severity} />
              </td>
              <th scope="row">
                <Link className="mono" to={addressOf('fault', { kind, id, code: fault.fault_code })}>
                  {fault.fault_code}
                </Link>
                <div className="soft entity-words">{fault.description}</div>
              </th>
              <td>
                <Time ms={timeMs(fault.first_occurred)} />
              </td>
              <td>
                <Ago ms={timeMs(fault.last_occurred)} />
              </td>
              <td className="soft">{statusLabel(statusOf(fault))}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
