import type { FleetIssueDetail } from '@medkit/contract';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { formatCount } from '../recordings/format-size.ts';
import { Region } from '../regions/region.tsx';
import { BarPicture } from './bar-picture.tsx';
import { countsByHour, rateOf, rateText, rateUnit, type Share } from './bars.ts';
import { t } from './texts.ts';

/** Hours of the picture: as many as the hub has. */
const HOURS = 14 * 24;

interface NamedShare extends Share {
  readonly name: string;
}

interface IssueSharesProps {
  readonly versions: readonly NamedShare[];
  readonly sites: readonly NamedShare[];
  readonly hours: FleetIssueDetail['by_hour'];
}

/** The occurrences of an issue by software, by site and by hour. */
export function IssueShares({ versions, sites, hours }: IssueSharesProps) {
  const p = t.page;
  const counts = countsByHour(hours, HOURS, gatewayNowMs());
  const filled = counts.filter((count) => count > 0);
  return (
    <>
      <Region title={p.byHour}>
        {filled.length === 0 ? (
          <p className="soft">{p.noHours}</p>
        ) : (
          <>
            <BarPicture
              className="issue-hours"
              counts={counts}
              text={p.hoursText(filled.length, Math.max(...filled))}
            />
            <p className="soft">{p.hoursText(filled.length, Math.max(...filled))}</p>
          </>
        )}
      </Region>
      <div className="issue-pair">
        <Region title={p.byVersion}>
          <ShareTable name={t.version} shares={versions} />
        </Region>
        <Region title={p.bySite}>
          <ShareTable name={t.site} shares={sites} />
        </Region>
      </div>
      <p className="soft">{p.ratesHelp}</p>
    </>
  );
}

function ShareTable({ name, shares }: { readonly name: string; readonly shares: readonly NamedShare[] }) {
  const p = t.page;
  if (shares.length === 0) return <p className="soft">{p.noShares}</p>;
  const unit = rateUnit(shares);
  const most = Math.max(...shares.map((share) => rateOf(share) ?? 0));
  return (
    <table className="fleet-figures">
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col">{t.occurrences}</th>
          <th scope="col">{p.runningHours}</th>
          <th scope="col">{p.rate(unit)}</th>
        </tr>
      </thead>
      <tbody>
        {shares.map((share) => {
          const rate = rateOf(share);
          return (
            <tr key={share.name}>
              <th scope="row">{share.name}</th>
              <td className="number">{formatCount(share.occurrences)}</td>
              <td className="number">
                {share.running_hours == null ? (
                  <span className="soft">{p.unknownHours}</span>
                ) : (
                  share.running_hours.toFixed(1)
                )}
              </td>
              <td className="number">
                {rate === undefined ? (
                  <span className="soft">–</span>
                ) : (
                  <>
                    {rateText(rate, unit)}
                    <svg className="issue-share-bar" aria-hidden="true">
                      <rect width={`${most > 0 ? (100 * rate) / most : 0}%`} height="10" rx="2" />
                    </svg>
                  </>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
