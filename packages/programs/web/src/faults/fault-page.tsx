import { stringifyJson } from '@medkit/core/json';
import { useMemo, useState } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { useBackToList } from '../tables/list-return.ts';
import { timeMs } from '../time/times.ts';
import { AlarmOfFault } from './alarm-actions.tsx';
import { FaultCause } from './fault-cause.tsx';
import { FaultChart } from './fault-chart.tsx';
import { FaultDebounce } from './fault-debounce.tsx';
import { FaultHead } from './fault-head.tsx';
import { FaultLogs } from './fault-logs.tsx';
import { FaultOccurrences } from './fault-occurrences.tsx';
import { FaultRecordings } from './fault-recordings.tsx';
import { faultTexts } from './texts.ts';
import './faults.css';
import { FreezeFrames } from './freeze-frames.tsx';
import { useIncidentsOfFaults } from './use-incidents-of-faults.ts';

/** A fault: its status and cause, its occurrences and the evidence. */
export function FaultPage({ kind, id, code }: ParametersOf<'fault'>) {
  const entity = useMemo(() => ({ kind, id }), [kind, id]);
  const request = { entity, path: { fault_code: code } };
  const fault = useRoute('getFault', request);
  const history = useRoute('getFaultHistory', request);
  const incidentOf = useIncidentsOfFaults();
  const back = useBackToList(addressOf('faults', {}));
  if (fault.data === undefined) {
    return (
      <div className="stack">
        <Heading>{code}</Heading>
        <Loaded query={fault} height={400}>
          {() => null}
        </Loaded>
        <p>
          <Link to={addressOf('faults', {}, { status: 'all', q: code })}>{faultTexts.all}</Link>
        </p>
      </div>
    );
  }
  const detail = fault.data;
  const about = detail['x-medkit'];
  const latest = history.data?.items.at(-1);
  const records = detail.environment_data.extended_data_records;
  const confirmedMs = timeMs(about?.confirmed_at ?? latest?.confirmed_at ?? records?.first_occurrence);
  return (
    <div className="fault-page">
      <FaultHead entity={entity} detail={detail} latest={latest} incidentOf={incidentOf} onBack={back} />
      <AlarmOfFault key={`${id} ${code}`} entity={entity} code={code} />
      {confirmedMs !== undefined && (
        <FaultChart
          detail={detail}
          occurrence={latest?.occurrence ?? about?.occurrence_count ?? 1}
          confirmed={new Date(confirmedMs).toISOString()}
        />
      )}
      <FaultCause about={about} />
      <FaultDebounce code={code} about={about} />
      <FreezeFrames detail={detail} />
      <FaultOccurrences code={code} entity={entity} history={history} />
      <FaultRecordings detail={detail} missing={about?.missing_evidence ?? undefined} />
      <FaultLogs windows={detail.environment_data.logs ?? []} />
      <RawFault text={() => stringifyJson(detail)} />
    </div>
  );
}

/** The raw reply, rendered on request. */
function RawFault({ text }: { readonly text: () => string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Region label={faultTexts.raw}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{faultTexts.raw}</summary>
        {isOpen && (
          <div className="stack">
            <div className="row">
              <CopyButton text={text} label={faultTexts.copyRaw} />
            </div>
            <pre className="fault-raw">{text()}</pre>
          </div>
        )}
      </details>
    </Region>
  );
}
