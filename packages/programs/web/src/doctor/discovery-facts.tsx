import type { HealthStatus } from '@medkit/contract';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { doctorTexts } from './texts.ts';

/** Discovery mode, other gateways, TLS certificate and plugins. */
export function DiscoveryFacts({ health }: { readonly health: HealthStatus }) {
  const t = doctorTexts;
  const { discovery, peers } = health;
  const [tls, plugins] = [health['x-medkit-tls'], health['x-medkit-plugins']];
  return (
    <>
      {discovery && (
        <Region title={t.discovery}>
          <dl>
            <dt>{t.mode}</dt>
            <dd>{discovery.mode}</dd>
            {discovery.linking && (
              <>
                <dt>{t.linked}</dt>
                <dd className="number">
                  {t.linkedCount(discovery.linking.linked_count, discovery.linking.orphan_count)}
                </dd>
                <dt>{t.conflicts}</dt>
                <dd className="number">{discovery.linking.binding_conflicts}</dd>
              </>
            )}
          </dl>
          {discovery.linking?.warnings?.map((warning) => (
            <p key={warning} className="severity-1">
              {warning}
            </p>
          ))}
        </Region>
      )}
      {peers && peers.length > 0 && (
        <Region title={t.peers} aside={<Link to={addressOf('peers', {})}>{texts.shell.peers}</Link>}>
          <dl>
            {peers.map(({ name, status, problem }) => (
              <div key={name} className="doctor-figure">
                <dt>{name}</dt>
                <dd className={status === 'offline' ? 'severity-2' : undefined}>
                  {texts.peers.states[status]} {problem}
                </dd>
              </div>
            ))}
          </dl>
        </Region>
      )}
      {tls && (
        <Region title={t.certificate}>
          <dl>
            <dt>{t.expires}</dt>
            <dd>
              <Time ms={timeMs(tls.expires)} />
            </dd>
            <dt>{t.fingerprint}</dt>
            <dd className="mono">{tls.fingerprint}</dd>
          </dl>
          {tls.problem && <p className="severity-2">{tls.problem}</p>}
        </Region>
      )}
      {plugins && plugins.plugins.length > 0 && (
        <Region title={t.plugins}>
          <table aria-label={t.plugins}>
            <thead>
              <tr>
                <th scope="col">{t.name}</th>
                <th scope="col">{t.version}</th>
                <th scope="col">{t.state}</th>
              </tr>
            </thead>
            <tbody>
              {plugins.plugins.map(({ name, version, state }) => (
                <tr key={name}>
                  <td className="mono">{name}</td>
                  <td className="number">{version ?? '–'}</td>
                  <td>{state}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Region>
      )}
    </>
  );
}
