import { entityPath } from '../entity-path.ts';
import type { ReportedFault } from '../faults/reported-fault.ts';
import type { Match } from './rule.ts';

/** Returns whether a rule matches a fault. */
export function matchesFault({ code, source, entity, origin, severity }: Match, fault: ReportedFault): boolean {
  if (severity !== undefined && severity !== fault.severity) return false;
  if (code !== undefined && !matchesPattern(code, fault.code)) return false;
  if (origin !== undefined && !matchesPattern(origin, fault.origin)) return false;
  if (source !== undefined && !fault.sources.some((name) => matchesPattern(source, name))) return false;
  if (entity === undefined) return true;
  return (
    fault.entity !== undefined &&
    [fault.entity.id, entityPath(fault.entity)].some((name) => matchesPattern(entity, name))
  );
}

/** Matches a text against a pattern in which `*` stands for any characters. Time: product of the lengths at most. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop() ?? '';
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - from >= last.length && text.endsWith(last);
}
