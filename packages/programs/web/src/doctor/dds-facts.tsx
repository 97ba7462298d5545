import type { HealthDds } from '@medkit/contract';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { formatDuration } from '../time/times.ts';
import { formatBufferSize } from './health-facts.ts';
import { doctorTexts } from './texts.ts';

/** DDS settings and participants, including participants whose messages the gateway does not understand. */
export function DdsFacts({ dds, nodes }: { readonly dds: HealthDds; readonly nodes: number }) {
  const t = doctorTexts;
  const { domain_id, discovery_range, interfaces, participants, not_understood, receive_buffer, datagrams, dropped } =
    dds;
  const drops = Object.entries(dropped).filter(([, count]) => Number(count) > 0);
  return (
    <Region title={t.hearing} className="doctor-wide">
      <dl>
        <dt>{t.domain}</dt>
        <dd className="number">{domain_id}</dd>
        <dt>{t.range}</dt>
        <dd>
          {discovery_range} <span className="soft mono">{interfaces.join(', ')}</span>
        </dd>
        <dt>{t.nodes}</dt>
        <dd className="number">{nodes}</dd>
        <dt>{t.participants}</dt>
        <dd>
          {participants.length === 0
            ? t.nobody
            : participants
                .map(({ vendor, version, count }) => t.participant([vendor, version].filter(Boolean).join(' '), count))
                .join(', ')}
        </dd>
        <dt>{t.buffer}</dt>
        <dd className="number">
          {t.granted(formatBufferSize(receive_buffer.granted_bytes), formatBufferSize(receive_buffer.asked_bytes))}
        </dd>
        <dt>{t.datagrams}</dt>
        <dd className="number">{t.datagramCount(datagrams.received, datagrams.sent, datagrams.send_failures)}</dd>
        <dt>{t.drops}</dt>
        <dd className="number">
          {drops.length === 0 ? '0' : drops.map(([reason, count]) => `${reason} ${count}`).join(', ')}
        </dd>
      </dl>
      {not_understood.length > 0 && (
        <table>
          <caption>{t.notUnderstood}</caption>
          <thead>
            <tr>
              <th scope="col">{t.address}</th>
              <th scope="col">{t.vendor}</th>
              <th scope="col">{t.reason}</th>
              <th scope="col">{t.heard}</th>
            </tr>
          </thead>
          <tbody>
            {not_understood.map(({ address, vendor, reason, last_heard_sec_ago }) => (
              <tr key={`${address} ${reason}`}>
                <td className="mono">{address}</td>
                <td>{vendor}</td>
                <td>{reason}</td>
                <td className="number">{texts.time.ago(formatDuration(last_heard_sec_ago * 1000))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Region>
  );
}
