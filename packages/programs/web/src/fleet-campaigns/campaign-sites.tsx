import type { FleetCampaignSite } from '@medkit/contract';
import { t as ofFleet } from '../fleet/texts.ts';
import { Region } from '../regions/region.tsx';
import { t } from './texts.ts';

/** The limits of a campaign at each site. */
export function CampaignSites({ sites }: { readonly sites: readonly FleetCampaignSite[] }) {
  const s = t.sites;
  return (
    <Region title={s.title}>
      <table className="fleet-figures">
        <thead>
          <tr>
            <th scope="col">{ofFleet.site}</th>
            <th scope="col">{t.robots}</th>
            <th scope="col">{s.inProgress}</th>
            <th scope="col">{s.begin}</th>
          </tr>
        </thead>
        <tbody>
          {sites.map(({ site, robots, in_progress: inProgress, at_a_time: atATime, zone, waits_for: waitsFor }) => (
            <tr key={site ?? ''}>
              <th scope="row">{site ?? <span className="soft">{ofFleet.noSite}</span>}</th>
              <td className="number">{robots}</td>
              <td>{s.atMost(inProgress, atATime ?? robots)}</td>
              <td>{waitsFor ?? (zone ? s.now(zone) : s.always)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Region>
  );
}
