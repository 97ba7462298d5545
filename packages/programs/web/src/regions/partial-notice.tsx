import { useRoute } from '../gateway/gateway.ts';
import { texts } from '../texts/texts.ts';
import { isSilent } from './silent-gateways.tsx';

/**
 * Names the contributors missing from an incomplete list, except those that `SilentGateways` names above every page.
 */
export function PartialNotice({ about }: { readonly about: unknown }) {
  const peers = useRoute('listPeers', {}).data?.items ?? [];
  const silent = new Set(peers.filter(isSilent).map(({ name }) => name));
  const names = missingMembers(about, silent);
  if (names.length === 0) return null;
  return (
    <p role="status" className="partial">
      {texts.region.partial(names.join(', '))}
    </p>
  );
}

/** Returns what is missing from a list, by its `x-medkit`: each gateway once, and each local member with its reason, except `named` gateways. */
export function missingMembers(about: unknown, named: ReadonlySet<unknown> = new Set()): readonly string[] {
  const { failed_peers, failed_members, partial } = Object(about);
  const peers = new Set<unknown>(Array.isArray(failed_peers) ? failed_peers : []);
  const all = Array.isArray(failed_members) ? failed_members : [];
  const members = all
    // A gateway that did not answer is named once, not for each entity that it has.
    .filter(({ runtime }) => !peers.has(runtime) && !named.has(runtime))
    .map(({ entity_id, message }) => (message ? `${entity_id} (${message})` : `${entity_id}`));
  const names = [...[...peers].filter((peer) => !named.has(peer)), ...members].map(String);
  const isUnknown = peers.size + all.length === 0 && partial === true;
  return isUnknown ? [texts.region.partUnknown] : [...new Set(names)];
}
