import { useRoute } from '../gateway/gateway.ts';
import { texts } from '../texts/texts.ts';
import { isSilent } from './silent-gateways.tsx';

/** Names what did not contribute to a list that is not complete, except what `SilentGateways` names above every page. */
export function PartialNotice({ about }: { readonly about: unknown }) {
  const peers = useRoute('listPeers', {}).data?.items ?? [];
  const silent = new Set(peers.filter(isSilent).map(({ name }) => name));
  const names = unansweredNames(about).filter((name) => !silent.has(name));
  if (names.length === 0) return null;
  return (
    <p role="status" className="partial">
      {texts.region.partial(names.join(', '))}
    </p>
  );
}

/** What did not contribute, by `x-medkit` of a list: each gateway once, and each member of this gateway with its reason. */
export function unansweredNames(about: unknown): readonly string[] {
  const { failed_peers, failed_members, partial } = Object(about);
  const peers = new Set<unknown>(Array.isArray(failed_peers) ? failed_peers : []);
  const members = (Array.isArray(failed_members) ? failed_members : [])
    // A gateway that did not answer is named once, not for each entity that it has.
    .filter(({ runtime }) => !peers.has(runtime))
    .map(({ entity_id, message }) => (message ? `${entity_id} (${message})` : `${entity_id}`));
  const names = [...new Set([...peers, ...members].map(String))];
  return names.length === 0 && partial === true ? [texts.region.partUnknown] : names;
}
