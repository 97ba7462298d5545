import type { FaultLogWindow } from '@medkit/contract';
import { LogSeverity } from '../logs/log-severity.tsx';
import { Region } from '../regions/region.tsx';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { faultTexts } from './texts.ts';
import '../logs/logs.css';

/** Log lines around a fault from its reporters and the nodes they communicate with. */
export function FaultLogs({ windows }: { readonly windows: readonly FaultLogWindow[] }) {
  const t = faultTexts;
  return (
    <Region title={t.logs}>
      {windows.length === 0 && <p className="soft">{t.noLogs}</p>}
      {windows.map(({ occurrence, earlier_occurrence, items, omitted }) => (
        <div key={occurrence} className="stack">
          <h3>{earlier_occurrence ? t.otherOccurrence(occurrence) : t.ofOccurrence(occurrence)}</h3>
          <ul className="fault-lines">
            {items.map(({ timestamp, severity, message, logger_name }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no ids, and none is inserted between others.
              <li key={at} className="fault-line">
                <Time ms={timeMs(timestamp)} digits={3} />
                <LogSeverity severity={severity} />
                <span className="soft mono">{logger_name}</span>
                <span>{message}</span>
              </li>
            ))}
          </ul>
          {omitted ? <p className="soft">{t.omitted(omitted)}</p> : null}
        </div>
      ))}
    </Region>
  );
}
