import { texts } from '../texts/texts.ts';

/** Says who did not answer, where somebody did not. */
export function PartialNotice({ about }: { readonly about: unknown }) {
  const names = unansweredNames(about);
  if (names.length === 0) return null;
  return (
    <p role="status" className="partial">
      {texts.region.partial(names.join(', '))}
    </p>
  );
}

/** The names in `x-medkit` of a list that is not whole. */
export function unansweredNames(about: unknown): readonly string[] {
  const { failed_peers, failed_members, partial } = Object(about);
  const names = [failed_peers, failed_members]
    .flatMap((list: unknown) => (Array.isArray(list) ? list : []))
    .map((one: unknown) => {
      if (typeof one === 'string') return one;
      const { name, id, entity_id, reason, message } = Object(one);
      const why = reason ?? message;
      return `${name ?? id ?? entity_id ?? '?'}${why ? ` (${why})` : ''}`;
    });
  return names.length === 0 && partial === true ? ['?'] : names;
}
