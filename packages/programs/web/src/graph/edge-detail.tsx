import { ArrowRight } from 'lucide-react';
import { EntityLink } from '../entities/entity-link.tsx';
import { formatSize } from '../recordings/format-size.ts';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { StateLabel } from './edge-columns.tsx';
import { type EdgeRow, figureText } from './edge-state.ts';
import { t } from './texts.ts';

interface EdgeDetailProps {
  readonly row: EdgeRow;
  readonly nameOf: (id: string) => string;
  readonly onClose: () => void;
}

/** All figures of the selected edge, and where they come from. */
export function EdgeDetail({ row: { edge, topic, state }, nameOf, onClose }: EdgeDetailProps) {
  const { source, target, metrics, qos } = edge;
  const { frequency_hz: rate, expected_frequency_hz: expected } = metrics;
  const share = rate !== null && expected ? t.share(`${Math.round((100 * rate) / expected)} %`) : undefined;
  const all: readonly (readonly [string, string | undefined])[] = [
    [t.rate, [figureText(rate, 'Hz'), share].filter(Boolean).join(', ')],
    [t.expected, figureText(expected, 'Hz')],
    [t.jitter, figureText(metrics.jitter_ms, 'ms')],
    [t.latency, figureText(metrics.latency_ms, 'ms')],
    [t.age, figureText(metrics.data_age_ms, 'ms')],
    [t.loss, rate === null ? '–' : figureText(metrics.drop_rate_percent, '%')],
    [t.throughput, metrics.bytes_per_sec === null ? '–' : `${formatSize(metrics.bytes_per_sec)}/s`],
    [t.qos, qos.incompatible.length === 0 ? t.compatible : qos.incompatible.join(', ')],
    [t.measuredBy, metrics.unmeasured ? t.unmeasured[metrics.unmeasured] : metrics.source],
    [t.publishers, metrics.publisher_count?.toString()],
  ];
  const figures = all.filter(([, text]) => text !== undefined && text !== '–');
  return (
    <Region
      className="graph-detail"
      title={<span className="mono graph-topic">{topic}</span>}
      aside={
        <span className="row">
          <Link className="button" to={addressOf('entity.item', { kind: 'app', id: source, item: topic })}>
            {t.toData}
          </Link>
          <button type="button" className="button plain" onClick={onClose}>
            {t.close}
          </button>
        </span>
      }
    >
      <p className="row">
        <StateLabel state={state} edge={edge} />
        <EntityLink entity={{ kind: 'app', id: source }} name={nameOf(source)} />
        <ArrowRight size={16} aria-label={t.to} role="img" />
        <EntityLink entity={{ kind: 'app', id: target }} name={nameOf(target)} />
      </p>
      <dl className="graph-figures">
        {figures.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="number">{text}</dd>
          </div>
        ))}
      </dl>
      {metrics.rate_ambiguous && <p className="soft">{t.ambiguous}</p>}
      {edge.remembered && <p className="soft">{t.remembered}</p>}
      {expected === null && state !== 'error' && !metrics.unmeasured && <p className="soft">{t.noExpected}</p>}
    </Region>
  );
}
