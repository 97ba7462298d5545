import type { FleetCampaignPlan, NewFleetCampaign } from '@medkit/contract';
import { parseJsonInput, stringifyJson } from '@medkit/core/json';

/** Returns a plan as JSON with one member in each line. */
export function planText(plan: FleetCampaignPlan | NewFleetCampaign): string {
  const members = Object.entries(plan).filter(([, value]) => value !== undefined && value !== null);
  return `{\n${members.map(([name, value]) => `  ${stringifyJson(name)}: ${stringifyJson(value)}`).join(',\n')}\n}`;
}

/** Reads a plan from JSON. The hub checks its members; only the page decides whether it is a dry run. */
export function parsePlan(text: string): { readonly plan: NewFleetCampaign } | { readonly problem: 'json' } {
  try {
    const value = parseJsonInput(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'json' };
    return { plan: { ...(value as unknown as NewFleetCampaign), dry_run: false } };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: 'json' };
    throw error;
  }
}
