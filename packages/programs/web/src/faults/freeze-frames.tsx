import type { FaultDetailResult } from '@medkit/contract';
import { useMemo } from 'react';
import { Region } from '../regions/region.tsx';
import { Time } from '../time/time.tsx';
import { formatValue } from '../values/format-value.ts';
import { type Frame, framesOf } from './frame-values.ts';
import { faultTexts } from './texts.ts';

/** Topic values at the occurrence of a fault, each with its capture time. */
export function FreezeFrames({ detail }: { readonly detail: FaultDetailResult }) {
  const t = faultTexts;
  const frames = useMemo(() => framesOf(detail), [detail]);
  return (
    <Region title={t.frames}>
      {frames.length === 0 && <p className="soft">{t.noFrames}</p>}
      <div className="fault-frames">
        {frames.map((frame) => (
          <FrameTable key={frame.id} frame={frame} />
        ))}
      </div>
    </Region>
  );
}

function FrameTable({ frame }: { readonly frame: Frame }) {
  const t = faultTexts;
  const { topic, label, unit, capturedMs, occurrence, isEarlier, problem, values, left } = frame;
  return (
    <table className={isEarlier ? 'fault-frame fault-earlier' : 'fault-frame'}>
      <caption>
        <strong>{label ?? topic}</strong> {label !== undefined && <span className="mono soft">{topic}</span>}
        <span className="row soft">
          <Time ms={capturedMs} digits={3} />
          {occurrence !== undefined && (
            <span className={isEarlier ? 'chip severity-1' : ''}>
              {isEarlier ? t.otherOccurrence(occurrence) : t.ofOccurrence(occurrence)}
            </span>
          )}
        </span>
        {problem !== undefined && <span className="severity-1">{problem}</span>}
      </caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{t.name}</th>
          <th scope="col">{t.value}</th>
        </tr>
      </thead>
      <tbody>
        {values.map(({ name, value }) => (
          <tr key={name}>
            <th scope="row" className="mono">
              {name === '' ? t.value : name}
            </th>
            <td className="number">
              {formatValue(value)} {name === '' || values.length === 1 ? unit : ''}
            </td>
          </tr>
        ))}
        {left > 0 && (
          <tr>
            <td colSpan={2} className="soft">
              {t.moreFields(left)}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
