import type { LogEntry } from '@medkit/contract';
import { useEffect, useRef } from 'react';
import { severityLevel } from '../logs/log-severity.ts';
import { severityLabel } from '../logs/log-severity.tsx';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import './entity-table.css';

/** Maximum characters of a message that are shown. */
const MAX_MESSAGE = 4000;

/** Distance to the end, CSS pixels, within which the window scrolls along with new lines. */
const AT_END_PX = 40;

/** A log window that follows new lines until the user scrolls back. */
export function LogWindow({ entries }: { readonly entries: readonly LogEntry[] }) {
  const box = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: has to run whenever other entries are rendered.
  useEffect(() => {
    if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [entries]);
  const follow = () => {
    if (!box.current) return;
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < AT_END_PX;
  };
  return (
    <section
      ref={box}
      className="entity-log-window"
      aria-label={texts.entities.logEntries}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
      tabIndex={0}
      onScroll={follow}
    >
      <LogRows entries={entries} />
    </section>
  );
}

/** Log entries, newest last. */
export function LogRows({ entries }: { readonly entries: readonly LogEntry[] }) {
  return (
    <table className="entity-table entity-logs" aria-label={texts.entities.tab.logs}>
      <tbody>
        {entries.map(({ id, timestamp, severity, message, logger_name }) => (
          <tr key={`${id} ${timestamp}`}>
            <td>
              <Time ms={timeMs(timestamp)} digits={3} />
            </td>
            <td className={severityLevel(severity) === 0 ? 'soft' : `severity-${severityLevel(severity)}`}>
              {severityLabel(severity)}
            </td>
            <td className="soft mono entity-logger">{logger_name}</td>
            <td className="entity-message">{message.slice(0, MAX_MESSAGE)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
