/** A rule of `fleet.issue_rules`: groups faults whose code and entity match under one name. */
export interface IssueRule {
  /** `*` matches any characters; an absent member matches all. */
  readonly match: { readonly code?: string; readonly entity?: string };
  readonly as: string;
}

/** What groups occurrences into an issue. */
export interface IssueFacts {
  readonly code: string;
  /** The entity as the robot names it. */
  readonly entity: string | undefined;
  /** Code of the root cause that explains it. */
  readonly cause: string | undefined;
}

export interface Fingerprint extends Partial<IssueFacts> {
  /** Identifies the issue. */
  readonly text: string;
  readonly rule?: string;
}

/**
 * Returns a function that computes the fingerprint of an occurrence: the first rule that matches, else code, entity and
 * cause. An occurrence stays in the issue of its first record if the rules change or its cause becomes known later.
 */
export function fingerprints(rules: readonly IssueRule[]): (facts: IssueFacts) => Fingerprint {
  const compiled = rules.map(({ match, as }) => ({ as, code: matcher(match.code), entity: matcher(match.entity) }));
  return ({ code, entity, cause }) => {
    const rule = compiled.find((each) => each.code(code) && each.entity(entity ?? ''));
    if (rule) return { text: JSON.stringify([rule.as]), rule: rule.as };
    return { text: JSON.stringify([code, entity ?? null, cause ?? null]), code, entity, cause };
  };
}

/** Matches a whole text against a pattern without regular expressions: each `*` costs one search. */
function matcher(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined) return () => true;
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return (text) => text === pattern;
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let from = first.length;
    for (const part of others) {
      const found = text.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return from <= text.length - last.length;
  };
}
